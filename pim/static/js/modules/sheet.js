// The sheet of a product: rows that open where somebody works, groups that the rail follows, and what the browser remembers
// of how it is shown. It says so in cookies: the next page is drawn that way from its start.

const remember = (name, value) => (document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`);

// A row that was opened stays so, after a save and in another language too: what is below it must not move when somebody
// presses a button there.
const opened = new Set(); // codes of attributes
const attributeOf = (row) => row.id.split("-")[1];
document.addEventListener("focusin", (event) => {
  const row = event.target.closest(".value");
  if (!row || event.target.closest(".borrowed")) return; // reading is no work on the row, and must not move what is read
  opened.add(attributeOf(row));
  row.classList.add("is-open");
});
document.addEventListener("etalage:shown", () => {
  document.querySelectorAll(".value").forEach((row) => row.classList.toggle("is-open", opened.has(attributeOf(row))));
});

document.addEventListener("click", (event) => {
  const density = event.target.closest("[data-density-toggle]");
  if (density) toggleDensity(density);
  const tab = event.target.closest("[data-panel]");
  if (tab) openPanel(tab);
  const link = event.target.closest("[data-panel-link]");
  if (link) openPanel(document.getElementById(`tab-${link.dataset.panelLink}`));
});

// A list of choices closes when somebody does something else.
const closeChoices = (but) => document.querySelectorAll("[data-closes][open]").forEach((one) => one.contains(but) || (one.open = false));
document.addEventListener("click", (event) => closeChoices(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = event.target.closest("[data-closes][open]");
  closeChoices(null);
  open?.querySelector("summary").focus();
});

function toggleDensity(button) {
  const isCompact = button.getAttribute("aria-pressed") !== "true";
  const density = isCompact ? "compact" : "roomy";
  button.setAttribute("aria-pressed", String(isCompact));
  document.querySelector("[data-density]").dataset.density = density;
  remember("rows", isCompact ? "compact" : "");
}

// Tabs as screen readers know them: one of them is in the order of the keyboard, arrows go to the others.
function openPanel(tab) {
  for (const one of tab.parentElement.children) {
    const isOpen = one === tab;
    one.setAttribute("aria-selected", String(isOpen));
    one.tabIndex = isOpen ? 0 : -1;
    document.getElementById(one.dataset.panel).classList.toggle("is-open", isOpen);
  }
  remember("panel", tab.dataset.panel);
}

document.addEventListener("keydown", (event) => {
  const tab = event.target.closest("[data-panel]");
  const way = tab && { ArrowLeft: "previousElementSibling", ArrowRight: "nextElementSibling" }[event.key];
  if (!way || !tab[way]) return;
  openPanel(tab[way]);
  tab[way].focus();
});

// What other systems keep: which groups have it out of sight is remembered.
document.addEventListener(
  "toggle",
  (event) => {
    if (!event.target.matches("[data-fold]")) return;
    const closed = [...document.querySelectorAll("[data-fold]:not([open])")].map((fold) => fold.dataset.fold);
    remember("folded", [...new Set(closed)].join("."));
  },
  true, // it does not bubble
);

// How much of the window the header covers: on a phone only its bar stays in view.
const headHeight = () => Math.max(...[...document.querySelectorAll(".product-head, .product-bar")].map((one) => one.offsetHeight));

// The rail says in which group one is: the last whose heading has passed under the header.
export function followGroups() {
  const links = [...document.querySelectorAll("[data-rail] a")];
  if (!links.length) return;
  const groups = links.map((link) => document.getElementById(link.hash.slice(1)));
  const edge = headHeight() + 80;
  const passed = groups.filter((group) => group.getBoundingClientRect().top < edge).length;
  const isAtEnd = window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 2 && window.scrollY > 0;
  const here = isAtEnd ? links.length - 1 : Math.max(0, passed - 1);
  links.forEach((link, number) => (number === here ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")));
}
document.addEventListener("scroll", followGroups, { passive: true });
