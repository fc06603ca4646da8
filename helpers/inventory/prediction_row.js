// A prediction on the page: a form that Python has written, and the words below it. Nothing is loaded.
//
// One message to Python when the reader commits, with all that the form holds: what was typed a moment ago
// cannot be overtaken by the button. Python answers each one; the words are in the model by then.
// Who types a guess and runs on, or goes elsewhere, has committed it too: else it would be lost.

const PATIENCE = 600; // milliseconds without an answer, before that is said
const BUSY = "Python is busy and takes your guess as soon as it is free.";
const LOST = "Run this cell (Shift+Enter), then commit.";

function render({ model, el }) {
  const form = document.createElement("form");
  const words = document.createElement("div");
  form.innerHTML = model.get("form"); // once: what is being typed stays
  words.className = "prediction-words";
  words.setAttribute("role", "status");
  el.classList.add("prediction");
  el.append(form, words);
  const said = () => new FormData(form).getAll("guess");
  let patience;
  let sent = said().join();

  function show() {
    clearTimeout(patience);
    words.innerHTML = model.get("words");
  }

  function commit(event) {
    event.preventDefault();
    // There is no counterpart in Python after a restart, or when the notebook was opened again.
    if (el.closest(".jupyter-widgets-disconnected")) return void (words.textContent = LOST);
    sent = said().join();
    model.send({ guess: said() });
    clearTimeout(patience);
    patience = setTimeout(() => (words.textContent = BUSY), PATIENCE);
  }

  // What is typed here is not for the notebook, which would choose another cell by an arrow key. This is how
  // Lumino, which it is made of, is asked to leave a key alone. Shift+Enter runs the cell, as everywhere.
  function spare(event) {
    const { key, target } = event;
    if (!form.contains(target)) return;
    if (key === "Enter" && event.shiftKey) leave();
    if (event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
    target.setAttribute("data-lm-suppress-shortcuts", "true");
    setTimeout(() => target.removeAttribute("data-lm-suppress-shortcuts"));
    if (key !== "Enter" || !target.matches("input")) return;
    event.preventDefault();
    form.requestSubmit();
  }

  function leave() {
    if (said().length && !said().includes("") && said().join() !== sent) form.requestSubmit();
  }

  form.addEventListener("submit", commit);
  form.addEventListener("focusout", (event) => form.contains(event.relatedTarget) || leave());
  window.addEventListener("keydown", spare, true);
  model.on("msg:custom", show);
  show();
  return () => {
    clearTimeout(patience);
    window.removeEventListener("keydown", spare, true);
    model.off("msg:custom", show);
  };
}

export default { render };
