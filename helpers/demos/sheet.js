// The sheet in the browser: it shows a picture (SVG) with the words under it, and tells Python where a hand
// touches them. No build step, nothing is loaded: what is here is all there is.
//
// In the picture, an element with data-key can be touched: clicked, or pressed with Enter or Space. One with
// data-drag as well ("x", "y" or "xy") is a handle: it can be dragged, or moved by arrow keys, data-step
// ("10 10") pixels at a time, inside of data-within ("left top right bottom"); data-at ("x y") is where it is.
//
// Messages to Python: {touch: key, x, y} and {drag: key, x, y}, in pixels of the picture. Python answers each
// one; until then only the latest is kept, and the held handle is led by the hand.

const AT_REST = 600; // milliseconds without a change, before the words are spoken
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const numbers = (words) => (words ?? "").split(" ").map(Number);

function render({ model, el }) {
  const sheet = document.createElement("div");
  const voice = document.createElement("div");
  sheet.className = "demo-content";
  voice.className = "demo-voice";
  voice.setAttribute("role", "status");
  el.append(sheet, voice);

  let held = null; // {key, dx, dy, x, y}: the handle in the hand, and where the hand wants it
  let waiting = false; // for an answer from Python
  let latest = null; // what to tell next
  let rest = null; // the timer

  const find = (key) => sheet.querySelector(`[data-key="${CSS.escape(key)}"]`);

  function place(event) {
    const point = new DOMPoint(event.clientX, event.clientY);
    const { x, y } = point.matrixTransform(sheet.querySelector("svg").getScreenCTM().inverse());
    return [x, y];
  }

  function tell(message) {
    latest = message;
    if (waiting) return;
    waiting = true;
    model.send(latest);
    latest = null;
  }

  function answered() {
    waiting = false;
    if (latest) tell(latest);
  }

  function allowed(handle, x, y) {
    const [atX, atY] = numbers(handle.dataset.at);
    const [left, top, right, bottom] = numbers(handle.dataset.within);
    const inside = (value, low, high) => Math.min(Math.max(value, low), high);
    return [
      handle.dataset.drag.includes("x") ? inside(x, left, right) : atX,
      handle.dataset.drag.includes("y") ? inside(y, top, bottom) : atY,
    ];
  }

  function lead() {
    const handle = held && find(held.key);
    if (!handle) return;
    const [x, y] = allowed(handle, held.x, held.y);
    const [atX, atY] = numbers(handle.dataset.at);
    handle.setAttribute("transform", `translate(${x - atX} ${y - atY})`);
    handle.classList.add("demo-held");
  }

  function show() {
    const focus = sheet.contains(document.activeElement) && document.activeElement.dataset.key;
    sheet.innerHTML = model.get("value");
    if (focus) find(focus)?.focus({ preventScroll: true });
    lead();
    nameControls();
    clearTimeout(rest);
    rest = setTimeout(() => {
      voice.textContent = sheet.querySelector(".demo-words")?.textContent ?? "";
    }, AT_REST);
  }

  // Sliders of ipywidgets have no name for a screen reader, and tell it 0.19999999999999998.
  function nameControls() {
    const demo = el.closest(".demo");
    for (const slider of demo?.querySelectorAll(".widget-slider, .widget-selection-slider") ?? []) {
      const handle = slider.querySelector(".noUi-handle");
      if (!handle) continue;
      handle.setAttribute("aria-label", slider.querySelector(".widget-label")?.textContent ?? "");
      handle.setAttribute("aria-valuetext", slider.querySelector(".widget-readout")?.textContent ?? "");
      slider.onkeydown = (event) => {
        if (event.key in ARROWS) event.stopPropagation(); // else the notebook chooses another cell
      };
    }
    for (const row of demo?.querySelectorAll(".widget-toggle-buttons") ?? []) {
      row.setAttribute("role", "group");
      row.setAttribute("aria-label", row.querySelector(".widget-label")?.textContent ?? "");
      for (const button of row.querySelectorAll("button")) {
        button.setAttribute("aria-pressed", button.classList.contains("mod-active"));
      }
    }
  }

  function grab(event) {
    const target = event.target.closest?.("[data-key]");
    if (!target || event.button) return;
    const [x, y] = place(event);
    if (!target.dataset.drag) return;
    event.preventDefault();
    target.focus({ preventScroll: true });
    const [atX, atY] = numbers(target.dataset.at);
    held = { key: target.dataset.key, dx: atX - x, dy: atY - y, x: atX, y: atY };
    sheet.setPointerCapture(event.pointerId);
  }

  function move(event) {
    if (!held) return;
    const handle = find(held.key);
    const [x, y] = place(event);
    [held.x, held.y] = [x + held.dx, y + held.dy];
    if (!handle) return;
    lead();
    const [toX, toY] = allowed(handle, held.x, held.y);
    tell({ drag: held.key, x: toX, y: toY });
  }

  function drop() {
    if (!held) return;
    const handle = find(held.key);
    held = null;
    handle?.classList.remove("demo-held");
    handle?.removeAttribute("transform");
  }

  function click(event) {
    const target = event.target.closest?.("[data-key]");
    if (!target || target.dataset.drag) return;
    const [x, y] = place(event);
    tell({ touch: target.dataset.key, x, y });
  }

  function press(event) {
    const target = event.target.closest?.("[data-key]");
    if (!target) return;
    const [atX, atY] = numbers(target.dataset.at);
    if (target.dataset.drag && event.key in ARROWS) {
      const [across, down] = ARROWS[event.key];
      const [stepX, stepY] = numbers(target.dataset.step);
      const [x, y] = allowed(target, atX + across * stepX, atY + down * stepY);
      tell({ drag: target.dataset.key, x, y });
    } else if (!target.dataset.drag && (event.key === "Enter" || event.key === " ")) {
      tell({ touch: target.dataset.key, x: atX || 0, y: atY || 0 });
    } else {
      return;
    }
    event.preventDefault(); // the page does not scroll
    event.stopPropagation(); // and the notebook does not choose another cell
  }

  sheet.addEventListener("pointerdown", grab);
  sheet.addEventListener("pointermove", move);
  sheet.addEventListener("pointerup", drop);
  sheet.addEventListener("pointercancel", drop);
  sheet.addEventListener("click", click);
  sheet.addEventListener("keydown", press);
  model.on("change:value", show);
  model.on("msg:custom", answered);
  show();
  requestAnimationFrame(nameControls); // once the controls are on the page, too

  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (model.get("reduced_motion") !== still) {
    model.set("reduced_motion", still);
    model.save_changes();
  }
  return () => {
    clearTimeout(rest);
    model.off("change:value", show);
    model.off("msg:custom", answered);
  };
}

export default { render };
