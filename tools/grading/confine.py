"""Put limits on this process, then become another program, which cannot take them off again.

    python confine.py '{"command": […], …}'

It runs in the process that will run handed-in code, before any of it: standard library only. On Linux the
caller starts it under `unshare` (see `NAMESPACES`), which gives it a network without connections, and
processes and mounts of its own. Landlock, a part of the Linux kernel since 5.13, then closes the files.
Whatever was asked for and cannot be had is an error; the caller decides what to do without.
"""

import ctypes
import json
import os
import sys
from pathlib import Path

# As root of a user namespace we may mount; outside of it we are who we were.
NAMESPACES = [
    "unshare", "--user", "--map-root-user", "--net", "--ipc", "--pid", "--mount", "--fork", "--kill-child",
    "--mount-proc", "--",
]  # fmt: skip
PROCESSES = 256  # threads count as well

# Sockets of the desktop, of the session and of system services are files here, and neither a network of
# one's own nor Landlock keeps a program from connecting to a socket whose path it can guess.
HIDDEN = ["/run", "/tmp/.X11-unix", "/tmp/.ICE-unix", "/dev/shm"]

# What Python and its packages read besides themselves.
READ = [
    "/usr",
    "/lib",
    "/lib32",
    "/lib64",
    "/bin",
    "/proc",
    "/sys/devices/system/cpu",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/fonts",
    "/etc/mime.types",
    "/dev/urandom",
    "/dev/random",
    "/dev/zero",
]
WRITTEN = ["/dev/null", "/dev/shm"]

# linux/landlock.h. Each version of the interface knew more rights.
CREATE, ADD, RESTRICT = 444, 445, 446
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}  # how many rights there are, by version
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, TRUNCATE = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 14
MAKE_SOCKET, REMOVE_FILE = 1 << 9, 1 << 5
OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | 1 << 15
READING = EXECUTE | READ_FILE | READ_DIR
TCP, OUTSIDE = 3, 3  # bind and connect; abstract sockets and signals to others

PR_SET_NO_NEW_PRIVS, PR_CAPBSET_DROP = 38, 24


class Ruleset(ctypes.Structure):
    _fields_ = [("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64)]


class Rule(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = [("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32)]


def system(function: str, *arguments):
    """Call the C library; raise OSError where it fails."""
    called = getattr(ctypes.CDLL(None, use_errno=True), function)
    called.restype = ctypes.c_long
    result = called(*arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), f"{function}: {os.strerror(ctypes.get_errno())}")
    return result


def limit_resources(limits: dict[str, int]) -> None:
    """Set resource limits by name, such as AS for memory; skip those that this system does not have."""
    import resource  # Windows has none

    for name, most in limits.items():
        which = getattr(resource, f"RLIMIT_{name}", None)
        if which is not None:
            try:
                resource.setrlimit(which, (most, most))
            except (ValueError, OSError):
                if sys.platform == "linux":  # macOS refuses a limit on memory
                    raise


def mount(folder: str, megabytes: int) -> None:
    """Cover a folder with an empty one in memory."""
    options = f"size={megabytes}m,mode=755".encode()
    system("mount", b"tmpfs", os.fsencode(folder), b"tmpfs", ctypes.c_ulong(6), options)  # 6: nosuid, nodev


def close_files(readable: list[str], writable: list[str], sockets: list[str]) -> None:
    """Leave only these folders and files to this process and its children, by Landlock."""
    version = landlock()
    rights = (1 << FILE_RIGHTS[max(known for known in FILE_RIGHTS if known <= version)]) - 1
    rules = Ruleset(rights, TCP if version >= 4 else 0, OUTSIDE if version >= 6 else 0)
    size = 8 if version < 4 else 16 if version < 6 else 24
    ruleset = system("syscall", CREATE, ctypes.byref(rules), ctypes.c_size_t(size), 0)
    for paths, allowed in (
        (readable, READING), (writable, rights), (sockets, READING | MAKE_SOCKET | REMOVE_FILE),
    ):  # fmt: skip
        for path in filter(os.path.exists, paths):
            folder = os.open(path, os.O_PATH)
            here = allowed & rights & (-1 if os.path.isdir(path) else OF_FILES)
            system("syscall", ADD, ruleset, 1, ctypes.byref(Rule(here, folder)), 0)
            os.close(folder)
    system("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    system("syscall", RESTRICT, ruleset, 0)


def landlock() -> int:
    """Return the version of Landlock here; OSError where there is none."""
    return system("syscall", CREATE, None, ctypes.c_size_t(0), 1)


def drop_capabilities() -> None:
    """Root of the namespace is nobody special from now on."""
    last = int(Path("/proc/sys/kernel/cap_last_cap").read_text())
    for capability in range(last + 1):
        system("prctl", PR_CAPBSET_DROP, capability, 0, 0, 0)


def main(job: dict) -> None:
    """Limit this process as the job says, then become its command."""
    home = job["home"]
    if job["namespaces"]:
        for folder in filter(os.path.isdir, HIDDEN):
            mount(folder, 64)
        mount(home, job["megabytes"])
        drop_capabilities()
    os.chdir(home)
    if job["files"]:
        close_files([*READ, *job["readable"]], [*WRITTEN, home], [job["sockets"]])
    if os.name != "nt":
        limit_resources(job["limits"] | ({"NPROC": PROCESSES} if job["namespaces"] else {}))
    os.execv(job["command"][0], job["command"])


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
