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
// the hand. Where no answer comes, that is said. {gone} when the last picture leaves the page needs no answer.

const TREMBLE = 4; // pixels that a hand may move, and it is a touch still
const AT_REST = 600; // milliseconds without a change, before the words are spoken
const PATIENCE = 3000; // milliseconds without an answer, before that is said
const LOOKS = 60; // for the notebook that a link opens, three a second
const SILENT = "Python has not answered: it is busy, or it was shut down. If so, run this cell again.";
const EARLIER = "This picture is from an earlier run. Run this cell (Shift+Enter) to take hold of it.";
const NARROW = 0.8; // of its width, and the panels of a picture go below each other
const SMALLEST = 0.65; // of their size: narrower than that, the picture can be moved sideways
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const numbers = (words) => (words ?? "").split(" ").map(Number);

function render({ model, el }, views) {
  const [sheet, voice, note] = [1, 2, 3].map(() => document.createElement("div"));
  sheet.className = "demo-content";
  voice.className = "demo-voice";
  voice.setAttribute("role", "status");
  note.className = "demo-note";
  el.append(sheet, voice, note);
  views.add(sheet);

  let held = null; // what is in the hand, and for a handle, where the hand wants it
  let waiting = false; // for an answer from Python
  let latest = null; // what to tell next
  let rest, patience; // the timers
  let demo = null; // what this is the picture of, with its controls
  let touched = null; // where a hand has touched last
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

  // JupyterLab opens the notebook of a link and looks for its heading before there is any. Asked again, when the
  // notebook is there, it finds it and scrolls.
  function follow({ target, isTrusted }) {
    const link = target.closest?.("a[href*='#']");
    if (!link || !isTrusted) return;
    const elsewhere = (title) => title.offsetParent && !title.closest(".jp-Notebook").contains(el);
    let looks = LOOKS;
    setTimeout(function look() {
      const title = [...document.querySelectorAll(".jp-Notebook h1")].find(elsewhere);
      if (title?.closest(".jp-WindowedPanel-outer").scrollTop || !looks--) return;
      if (title) link.click();
      setTimeout(look, 300);
    }, 300);
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
    const handle = held?.moved && find(held.key);
    if (!handle?.dataset.drag) return;
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
    const [picture, available] = [sheet.querySelector("svg"), sheet.clientWidth];
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
    const like = (part) => part.classList.toggle("demo-lit", part.dataset.with === lit);
    sheet.querySelectorAll("[data-with]").forEach(like);
    sheet.querySelector("svg")?.classList.toggle("demo-linking", Boolean(sheet.querySelector(".demo-lit")));
  }

  function point({ type, target, clientX, clientY }) {
    // What a touch has put under a resting hand is not what the hand has pointed at.
    if (type === "pointerover" && clientX === touched?.clientX && clientY === touched.clientY) return;
    const on = type === "pointerover" || type === "focusin";
    const name = (on && target.closest?.("[data-with]")?.dataset.with) || null;
    if (held || name === lit) return;
    lit = name;
    light();
  }

  function show() {
    const focus = sheet.contains(document.activeElement) && document.activeElement.dataset.key;
    const before = lit;
    sheet.innerHTML = model.get("value");
    if (focus) find(focus)?.focus({ preventScroll: true });
    lit = before;
    whole = sheet.querySelector("svg")?.getAttribute("viewBox");
    stacked = false;
    fit();
    light();
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
    for (const group of demo?.querySelectorAll(".widget-radio-box") ?? []) {
      group.setAttribute("role", "radiogroup");
      group.setAttribute("aria-label", group.parentElement.querySelector(".widget-label").title);
      // One name for all, and the arrow keys go from one to the next; of options with one name, one can be chosen.
      // By chance, since every demo has a copy of this module, which could not count those of the others.
      group.dataset.name ??= `answers-${Math.random()}`;
      for (const option of group.querySelectorAll("input")) option.name = group.dataset.name;
    }
  }

  // The notebook would choose another cell by an arrow key, Notebook 7 before a slider hears of it. This is how
  // Lumino, which both are made of, is asked to leave a key alone.
  function spare(event) {
    const { key, target } = event;
    const slides = key in ARROWS && target.matches?.("[role=slider], [type=radio]");
    if ((!slides && !meant(event)) || !demo?.contains(target)) return;
    target.setAttribute("data-lm-suppress-shortcuts", "true");
    setTimeout(() => target.removeAttribute("data-lm-suppress-shortcuts"));
  }

  // Whether a key is for the picture; Shift+Enter on a handle runs the cell.
  function meant({ key, target, shiftKey, ctrlKey, altKey, metaKey }) {
    if (shiftKey || ctrlKey || altKey || metaKey || !target.dataset?.key) return false;
    return target.dataset.drag ? key in ARROWS : key === "Enter" || key === " ";
  }

  // Not by click, which does not come where the picture is drawn anew between press and release.
  function grab(event) {
    const target = event.target.closest?.("[data-key]");
    if (!target || event.button || held) return;
    const [x, y] = place(event, target);
    const [atX, atY] = target.dataset.drag ? numbers(target.dataset.at) : [x, y];
    held = { key: target.dataset.key, down: event, dx: atX - x, dy: atY - y, x: atX, y: atY };
    sheet.setPointerCapture(event.pointerId);
    if (!target.dataset.drag) return;
    event.preventDefault();
    target.focus({ preventScroll: true });
  }

  function move(event) {
    if (event.pointerId !== held?.down.pointerId) return;
    held.moved ||= Math.hypot(event.clientX - held.down.clientX, event.clientY - held.down.clientY) > TREMBLE;
    const handle = find(held.key);
    if (!held.moved || !handle?.dataset.drag) return;
    const [x, y] = place(event, handle);
    [held.x, held.y] = [x + held.dx, y + held.dy];
    lead();
    const [toX, toY] = allowed(handle, held.x, held.y);
    tell({ drag: held.key, x: toX, y: toY });
  }

  function drop(event) {
    if (event.pointerId !== held?.down.pointerId) return;
    const part = find(held.key);
    const under = event.type === "pointerup" && !held.moved && part?.closest("[data-key]:not([data-drag])");
    if (under) tell({ touch: under.dataset.key, x: held.x, y: held.y });
    held = null;
    touched = under ? event : null;
    if (under) point({ type: "touched" });
    part?.classList.remove("demo-held");
    part?.removeAttribute("transform");
  }

  function press(event) {
    if (!meant(event)) return;
    event.preventDefault(); // the page does not scroll
    const { key, drag, at, step } = event.target.dataset;
    const [atX, atY] = numbers(at);
    if (!drag) return tell({ touch: key, x: atX || 0, y: atY || 0 });
    const [across, down] = ARROWS[event.key];
    const [stepX, stepY] = numbers(step);
    const [x, y] = allowed(event.target, atX + across * stepX, atY + down * stepY);
    tell({ drag: key, x, y });
  }

  // While a handle is in the hand, no finger scrolls the page: CSS's touch-action alone does not see to it.
  const stay = (event) => held && find(held.key)?.dataset.drag && event.preventDefault();

  sheet.addEventListener("pointerdown", grab);
  sheet.addEventListener("pointermove", move);
  for (const kind of ["pointerup", "pointercancel", "lostpointercapture"]) sheet.addEventListener(kind, drop);
  sheet.addEventListener("touchstart", stay, { passive: false });
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
    demo?.addEventListener("click", follow);
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
    demo?.removeEventListener("click", follow);
    window.removeEventListener("keydown", spare, true);
    views.delete(sheet);
    if (!views.size && !lost()) model.send({ gone: true });
    model.off("change:value", show);
    model.off("msg:custom", answered);
  };
}

// One demo can be on the page more than once.
export default () => {
  const views = new Set();
  return { render: (context) => render(context, views) };
};
