"""Put the site together: JupyterLite, its kernel, the notebooks and the wheels, in build/site/lite."""

import json
import os
import shutil
import sys
from pathlib import Path

from tools.lite import ADDRESS, parts, wheelhouse

TARGET = parts.ROOT / "build" / "site" / "lite"
EXTENSIONS = Path("share", "jupyter", "labextensions")
KERNEL = Path("@jupyterlite", "pyodide-kernel-extension")
WIDGETS = [Path("anywidget"), Path("@jupyter-widgets", "jupyterlab-manager")]
# Loaded while Python starts; all else when it is imported.
FIRST = ["comm", "ipykernel", "ipython", "jedi", "micropip", "piplite", "pyodide-kernel"]

LITE = {
    "jupyter-lite-schema-version": 0,
    "jupyter-config-data": {
        "appName": "How embeddings learn",
        "appUrl": "./tree",  # where index.html leads
        "faviconUrl": "./notebooks/favicon.ico",
        "exposeAppInBrowser": True,
        "litePluginSettings": {
            "@jupyterlite/pyodide-kernel-extension:kernel": {
                "disablePyPIFallback": True,  # nobody is asked for what is not here
                "loadPyodideOptions": {"packages": FIRST},
            }
        },
    },
}


def make(target: Path) -> list[str]:
    """Build into a folder, in place of what is there; return what a reader's page asks others for."""
    tools = parts.tools()
    source, made = parts.WORK / "lite", parts.WORK / "made"
    for folder in (source, made):
        shutil.rmtree(folder, ignore_errors=True)
    asked = lay_out(source, tools)
    build = [sys.executable, "-m", "jupyterlite_core", "build", "--lite-dir", source, "--output-dir", made]
    parts.run(*build, cwd=source, PYTHONPATH=str(tools), SOURCE_DATE_EPOCH=parts.EPOCH)
    settle(made)
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(made, target)
    return asked


def lay_out(folder: Path, tools: Path) -> list[str]:
    """Write what JupyterLite builds from into a new folder; return what a page will ask others for."""
    contents = folder / "contents"
    contents.mkdir(parents=True)
    for notebook in sorted((parts.ROOT / "notebooks").glob("*.ipynb")):
        os.utime(shutil.copyfile(notebook, contents / notebook.name), (int(parts.EPOCH),) * 2)
    (folder / "jupyter-lite.json").write_text(json.dumps(LITE), encoding="utf-8")
    (folder / "jupyter_lite_config.json").write_text(json.dumps(configuration(tools)), encoding="utf-8")
    of_kernel = (tools / EXTENSIONS / KERNEL / "static" / "pypi").glob("*.whl")
    wheels = [*parts.wheels().glob("*.whl"), *(w for w in of_kernel if "widgetsnbextension" not in w.name)]
    wheels.append(parts.helpers(folder))
    lock = wheelhouse.fill(folder / "static" / "pyodide", parts.pyodide(), wheels, parts.makers(tools))
    return wheelhouse.asked_elsewhere(lock, [*FIRST, "how-embeddings-learn"])


def configuration(tools: Path) -> dict:
    """Say what JupyterLite builds: a page for a notebook, and one for the list of them."""
    prefix = Path(sys.prefix) / EXTENSIONS
    extensions = [prefix / name for name in WIDGETS] + [tools / EXTENSIONS / KERNEL]
    return {
        "LiteBuildConfig": {
            "apps": ["notebooks", "tree"],
            "contents": ["contents"],
            "federated_extensions": list(map(str, extensions)),
            "ignore_sys_prefix": ["federated_extensions", "translation"],  # of these, what stands above
            "no_sourcemaps": True,
            "no_unused_shared_packages": True,
        }
    }


def settle(made: Path) -> None:
    """Sort what JupyterLite lists as it lies on the disk, which differs from machine to machine."""
    for path, part in [("api/contents/all.json", "content"), ("build/schemas/all_federated.json", None)]:
        data = json.loads((made / path).read_text(encoding="utf-8"))
        (data[part] if part else data).sort(key=lambda item: item["name" if part else "id"])
        (made / path).write_text(json.dumps(data, indent=2), encoding="utf-8")


def main() -> int:
    asked = make(TARGET)
    size = sum(path.stat().st_size for path in TARGET.rglob("*") if path.is_file())
    first = min(path.name for path in (TARGET / "files").glob("*.ipynb"))
    print(f"build/site/lite: {size / 1e6:.0f} MB; behind a server, open {ADDRESS.format(first)}")
    print("While reading, Pyodide's makers are asked for:", *(f"  {file}" for file in asked), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
