// The sheet in the browser: it shows a picture (SVG) with the words under it, and tells Python where a hand
// touches them. No build step, nothing is loaded: what is here is all there is.
//
// In the picture, an element with data-key can be touched: clicked, or pressed with Enter or Space. One with
// data-drag as well ("x", "y" or "xy") is a handle: it can be dragged, or moved by arrow keys, data-step
// ("10 10") pixels at a time, inside of data-within ("left top right bottom"); data-at ("x y") is where it is.
// A click on a handle is a touch of what it lies in.
//
// Parts with data-with light up together when a hand or the focus is on one of them. On a page too narrow for
// the picture, its parts with data-panel ("x y width height") go below each other.
//
// Messages to Python: {touch: key, x, y} and {drag: key, x, y}, in pixels of the picture; {alive} after a click
// on a control; Python answers each one, and until then only the latest is kept, and the held handle is led by
// the hand. Where no answer comes, that is said. {gone} when the picture leaves the page needs no answer.

const AT_REST = 600; // milliseconds without a change, before the words are spoken
const PATIENCE = 3000; // milliseconds without an answer, before that is said
const SILENT = "Python has not answered: it is busy, or it was shut down. If so, run this cell again.";
const EARLIER = "This picture is from an earlier run. Run this cell (Shift+Enter) to take hold of it.";
const NARROW = 0.8; // of its width, and the panels of a picture go below each other
const SMALLEST = 0.65; // of their size: narrower than that, the picture can be moved sideways
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const numbers = (words) => (words ?? "").split(" ").map(Number);

function render({ model, el }) {
  const sheet = document.createElement("div");
  const voice = document.createElement("div");
  sheet.className = "demo-content";
  voice.className = "demo-voice";
  voice.setAttribute("role", "status");
  const note = document.createElement("div");
  note.className = "demo-note";
  el.append(sheet, voice, note);

  let held = null; // {key, dx, dy, x, y}: the handle in the hand, and where the hand wants it
  let waiting = false; // for an answer from Python
  let latest = null; // what to tell next
  let rest = null; // the timer
  let patience = null; // the other timer
  let demo = null; // what this is the picture of, with its controls
  let lit = null; // the name of what is under the hand
  let whole = ""; // the picture's own viewBox
  let stacked = false; // whether panels are below each other

  const find = (key) => sheet.querySelector(`[data-key="${CSS.escape(key)}"]`);

  function place(event, target) {
    const point = new DOMPoint(event.clientX, event.clientY);
    const drawn = target?.closest("[data-panel]") ?? sheet.querySelector("svg");
    const { x, y } = point.matrixTransform(drawn.getScreenCTM().inverse());
    return [x, y];
  }

  // Whether the widget has no counterpart in Python: after a restart, or when the notebook was opened again.
  const lost = () => el.closest(".jupyter-widgets-disconnected") !== null;

  function say(words) {
    if (note.textContent === words) return;
    note.textContent = words;
    demo?.classList.toggle("demo-silent", words !== "");
  }

  const knock = () => waiting || lost() || tell({ alive: true });

  function tell(message) {
    latest = message;
    if (waiting || lost()) return;
    waiting = true;
    patience = setTimeout(() => say(lost() ? EARLIER : SILENT), PATIENCE);
    model.send(latest);
    latest = null;
  }

  function answered() {
    waiting = false;
    clearTimeout(patience);
    say(lost() ? EARLIER : "");
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

  // Rows of panels, each as full as the page is wide.
  function rows(panels, width) {
    const rows = [];
    for (const panel of panels) {
      const [, , wide, high] = numbers(panel.dataset.panel);
      let row = rows.at(-1);
      if (!row || row.wide + wide > width) rows.push((row = { panels: [], wide: 0, high: 0 }));
      row.panels.push([panel, row.wide]);
      row.wide += wide;
      row.high = Math.max(row.high, high);
    }
    return rows;
  }

  function fit() {
    const picture = sheet.querySelector("svg");
    const available = sheet.clientWidth;
    if (!picture || !available || (!stacked && available >= NARROW * picture.viewBox.baseVal.width)) return;
    let [, , width, height] = numbers(whole);
    const panels = [...picture.querySelectorAll("[data-panel]")];
    stacked = available < NARROW * width;
    if (stacked && panels.length) [width, height] = [0, 0];
    for (const row of stacked ? rows(panels, available) : []) {
      for (const [panel, left] of row.panels) {
        const [x, y] = numbers(panel.dataset.panel);
        panel.setAttribute("transform", `translate(${left - x} ${height - y})`);
      }
      width = Math.max(width, row.wide);
      height += row.high;
    }
    if (!stacked) panels.forEach((panel) => panel.removeAttribute("transform"));
    picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
    for (const shape of [picture, picture.querySelector("rect")]) {
      shape.setAttribute("width", width);
      shape.setAttribute("height", height);
    }
    picture.style.minWidth = stacked ? `${SMALLEST * width}px` : "";
  }

  // What is about the same thing lights up together.
  function light() {
    sheet.querySelector("svg")?.classList.toggle("demo-linking", Boolean(lit));
    for (const part of sheet.querySelectorAll("[data-with]")) {
      part.classList.toggle("demo-lit", part.dataset.with === lit);
    }
  }

  function point(event) {
    const name = event.target.closest?.("[data-with]")?.dataset.with ?? null;
    if (held || name === lit) return;
    lit = name;
    light();
  }

  function show() {
    const focus = sheet.contains(document.activeElement) && document.activeElement.dataset.key;
    sheet.innerHTML = model.get("value");
    if (focus) find(focus)?.focus({ preventScroll: true });
    whole = sheet.querySelector("svg")?.getAttribute("viewBox");
    stacked = false;
    fit();
    if (lit) light();
    lead();
    nameControls();
    clearTimeout(rest);
    rest = setTimeout(() => {
      voice.textContent = sheet.querySelector(".demo-words")?.textContent ?? "";
    }, AT_REST);
  }

  // Controls of ipywidgets that have no name for a screen reader; sliders tell it 0.19999999999999998.
  function nameControls() {
    for (const slider of demo?.querySelectorAll(".widget-slider, .widget-selection-slider") ?? []) {
      const handle = slider.querySelector(".noUi-handle");
      if (!handle) continue;
      handle.setAttribute("aria-label", slider.querySelector(".widget-label")?.textContent ?? "");
      handle.setAttribute("aria-valuetext", slider.querySelector(".widget-readout")?.textContent ?? "");
    }
    for (const field of demo?.querySelectorAll("textarea, input[type=text]") ?? []) {
      if (!field.labels[0]?.offsetParent) field.setAttribute("aria-label", field.title);
    }
    for (const row of demo?.querySelectorAll(".widget-toggle-buttons") ?? []) {
      row.setAttribute("role", "group");
      row.setAttribute("aria-label", row.querySelector(".widget-label")?.textContent ?? "");
      for (const button of row.querySelectorAll("button")) {
        button.setAttribute("aria-pressed", button.classList.contains("mod-active"));
      }
    }
  }

  // The notebook would choose another cell by an arrow key, Notebook 7 before a slider hears of it. This is how
  // Lumino, which both are made of, is asked to leave a key alone.
  function spare({ key, target }) {
    const slides = key in ARROWS && target.matches?.("[role=slider]");
    const touched = (key in ARROWS || key === "Enter" || key === " ") && target.matches?.("[data-key]");
    if ((!slides && !touched) || !demo?.contains(target)) return;
    target.setAttribute("data-lm-suppress-shortcuts", "true");
    setTimeout(() => target.removeAttribute("data-lm-suppress-shortcuts"));
  }

  function grab(event) {
    const target = event.target.closest?.("[data-key]");
    if (!target || event.button) return;
    if (!target.dataset.drag) return;
    const [x, y] = place(event, target);
    event.preventDefault();
    target.focus({ preventScroll: true });
    const [atX, atY] = numbers(target.dataset.at);
    held = { key: target.dataset.key, dx: atX - x, dy: atY - y, x: atX, y: atY };
    sheet.setPointerCapture(event.pointerId);
  }

  function move(event) {
    if (!held) return;
    const handle = find(held.key);
    const [x, y] = place(event, handle);
    [held.x, held.y] = [x + held.dx, y + held.dy];
    if (!handle) return;
    lead();
    held.moved = true;
    const [toX, toY] = allowed(handle, held.x, held.y);
    tell({ drag: held.key, x: toX, y: toY });
  }

  function drop() {
    if (!held) return;
    const handle = find(held.key);
    const under = held.moved ? null : handle?.parentElement.closest("[data-key]");
    if (under) tell({ touch: under.dataset.key, x: held.x, y: held.y });
    held = null;
    handle?.classList.remove("demo-held");
    handle?.removeAttribute("transform");
  }

  function click(event) {
    const target = event.target.closest?.("[data-key]");
    if (!target || target.dataset.drag) return;
    const [x, y] = place(event, target);
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
  }

  sheet.addEventListener("pointerdown", grab);
  sheet.addEventListener("pointermove", move);
  sheet.addEventListener("pointerup", drop);
  sheet.addEventListener("pointercancel", drop);
  sheet.addEventListener("click", click);
  sheet.addEventListener("keydown", press);
  for (const kind of ["pointerover", "pointerleave", "focusin", "focusout"]) sheet.addEventListener(kind, point);
  const width = new ResizeObserver(fit);
  width.observe(sheet);
  window.addEventListener("keydown", spare, true);
  model.on("change:value", show);
  model.on("msg:custom", answered);
  show();
  requestAnimationFrame(() => {
    demo = el.closest(".demo");
    nameControls(); // once the controls are on the page, too
    demo?.addEventListener("click", knock);
    if (demo) link.observe(demo, { attributeFilter: ["class"] });
    if (lost()) say(EARLIER);
  });
  const link = new MutationObserver(() => lost() && say(EARLIER));

  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (model.get("reduced_motion") !== still) {
    model.set("reduced_motion", still);
    model.save_changes();
  }
  return () => {
    [rest, patience].forEach(clearTimeout);
    [width, link].forEach((observer) => observer.disconnect());
    demo?.removeEventListener("click", knock);
    window.removeEventListener("keydown", spare, true);
    if (!lost()) model.send({ gone: true });
    model.off("change:value", show);
    model.off("msg:custom", answered);
  };
}

export default { render };
