// Plays the tours of the demos on a page. The picture is shown by the demos' own sheet (its module stands above
// this one), to which a tour is a model whose value changes and which no Python answers.
//
// A tour is {pieces, states}: a state is its name, and runs [first, count] of pieces that make up its HTML.

const PACE = 900; // milliseconds that a state stays, while the tour plays

function player(tour) {
  const { pieces, states } = JSON.parse(tour.querySelector("script").textContent);
  const [picture, bar] = ["figure", "bar"].map((part) => tour.querySelector(`.tour-${part}`));
  const [slider, said] = ["input", "output"].map((kind) => bar.querySelector(kind));
  const button = (name) => bar.querySelector(`[data-do=${name}]`);
  const sheets = {}; // what the sheet wants to be told, by event
  let at = 0;
  let playing = null; // the timer

  const html = ([, ...runs]) => runs.map(([first, count]) => pieces.slice(first, first + count).join("")).join("");

  function go(to) {
    at = Math.min(Math.max(to, 0), states.length - 1);
    const words = `${at + 1} of ${states.length}: ${states[at][0]}`;
    slider.value = at;
    slider.setAttribute("aria-valuetext", words);
    hush();
    said.textContent = words;
    sheets["change:value"]();
    keep();
  }

  // Nothing is spoken over the next state while the tour plays, and the slider says its value by itself.
  function hush() {
    said.ariaLive = playing || document.activeElement === slider ? "off" : "polite";
    picture.querySelector("[role=status]").ariaLive = playing ? "off" : "polite";
  }

  function play(on) {
    clearInterval(playing);
    playing = on ? setInterval(onward, PACE) : null;
    button("play").textContent = on ? "Pause" : "Play";
  }

  function onward() {
    if (at + 2 >= states.length) play(false); // the last state is spoken
    go(at + 1);
  }

  // As much room as the longest words need: what stands below stays where it is.
  function reserve() {
    const words = states.map((state) => /<div class="demo-words[^>]*>([^<]*)/.exec(html(state))[1]);
    const probe = picture.querySelector(".demo-words").cloneNode();
    probe.innerHTML = words.reduce((longest, one) => (one.length > longest.length ? one : longest));
    probe.style.minHeight = "0";
    picture.append(probe);
    tour.style.setProperty("--room", `${Math.ceil(probe.getBoundingClientRect().height)}px`);
    probe.remove();
  }

  // What has grown stays so (panels below each other, a line that is too long): what stands below never comes up.
  function keep(grown = (part) => `${Math.ceil(part.getBoundingClientRect().height)}px`) {
    for (const part of [picture, said]) part.style.minHeight = grown(part);
  }

  function step(by) {
    play(false);
    go(at + by);
  }

  slider.addEventListener("input", () => step(Number(slider.value) - at));
  button("back").addEventListener("click", () => step(-1));
  button("next").addEventListener("click", () => step(1));
  button("play").addEventListener("click", () => {
    if (!playing && at === states.length - 1) go(0);
    play(!playing);
  });
  // A hand on the picture wants what only Python can do: show the line that says how. (A finger that scrolls
  // the page does not click.)
  picture.addEventListener("click", () => tour.classList.add("tour-asked"));

  const model = {
    get: (name) => (name === "value" ? html(states[at]) : matchMedia("(prefers-reduced-motion: reduce)").matches),
    on: (event, tell) => (sheets[event] = tell),
    send: () => setTimeout(sheets["msg:custom"]),
  };
  picture.replaceChildren();
  sheet().render({ model, el: picture });
  bar.hidden = false;
  go(0);
  reserve();
  window.addEventListener("resize", () => {
    keep(() => "");
    reserve();
  });
}

document.querySelectorAll(".tour").forEach(player);
