// What a page does beyond links: boxes that scroll sideways can be reached by keys, the contents stand open
// where there is room beside the text, the index filters its list of headings, and links that take a server
// are shown where there is one.

// Where something goes on to the right, the box says so.
const edge = (box) => box.classList.toggle("more", box.scrollWidth - box.clientWidth - box.scrollLeft > 8);

const boxes = document.querySelectorAll(".wide");
const seen = new ResizeObserver(entries => entries.forEach(({target: box}) => {
  const scrolls = box.scrollWidth > box.clientWidth + 1;
  for (const [name, value] of [["tabindex", "0"], ["role", "group"], ["aria-label", "Scrolls sideways"]])
    if (scrolls) box.setAttribute(name, value);
    else box.removeAttribute(name);
  box.classList.toggle("scrolls", scrolls);
  edge(box);
}));
boxes.forEach(box => {
  seen.observe(box);
  box.addEventListener("scroll", () => edge(box), { passive: true });
});

const contents = document.querySelector(".contents details");
if (contents) {
  const room = matchMedia("(min-width: 70rem)");
  const fold = () => { contents.open = room.matches; };
  room.addEventListener("change", fold);
  fold();
}

// A link to a detour opens it.
const unfold = () => {
  const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  place?.closest("details")?.setAttribute("open", "");
};
window.addEventListener("hashchange", unfold);
unfold();

const search = document.querySelector(".search");
if (search) {
  const [field, status] = [search.querySelector("input"), search.querySelector("[role=status]")];
  const pages = [...document.querySelectorAll(".all section")];
  const letters = text => text.toLowerCase().normalize("NFKD").replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  const filter = () => {
    const words = letters(field.value).split(" ").filter(Boolean);
    let count = 0;
    for (const page of pages) {
      const [title, ...lines] = [page.querySelector("h3"), ...page.querySelectorAll("li")];
      const fits = line => words.every(word => ` ${letters(line.textContent)}`.includes(` ${word}`));
      const whole = fits(title), found = lines.filter(fits);
      lines.forEach(line => { line.hidden = !whole && !found.includes(line); });
      page.hidden = !whole && !found.length;
      count += found.length + whole;
    }
    status.textContent = !words.length ? "" : count === 1 ? "1 heading" : `${count || "No"} headings`;
  };
  search.hidden = false;
  field.addEventListener("input", filter);
  filter();
}

// Python in the tab takes a server: browsers start no WebAssembly from a folder.
if (location.protocol === "file:")
  for (const link of document.querySelectorAll(".served")) link.hidden = true;
