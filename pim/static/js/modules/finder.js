// The command field: a dialog with a combobox. What is typed is asked of the hub; the options are links, so that they can be
// opened in another tab too, and buttons where something is done at once.

let dialog, box, list, status;
let asking = Promise.resolve(); // the answer to what was typed last
let request = new AbortController();
let chosen = null;

// Whether there is a command field: who is not signed in has none.
export function openFinder() {
  if (!dialog) return false;
  if (dialog.open) return true;
  if (document.querySelector("dialog:modal")) return false; // a question waits for its answer
  dialog.showModal();
  box.select();
  ask();
  return true;
}

export function prepareFinder() {
  dialog = document.getElementById("find");
  if (!dialog) return;
  box = dialog.querySelector("[role=combobox]");
  list = dialog.querySelector("[role=listbox]");
  status = dialog.querySelector("[data-find-status]");
  const opener = document.querySelector("[data-find-open]");
  opener.dataset.ready = "yes";
  opener.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // another tab
    event.preventDefault();
    openFinder();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-find-close]")) dialog.close();
  });
  dialog.addEventListener("close", () => show(""));
  box.addEventListener("input", ask);
  box.addEventListener("keydown", onKey);
  box.addEventListener("paste", onPaste);
}

function ask() {
  request.abort();
  request = new AbortController();
  asking = answer(box.value, request.signal);
}

async function answer(typed, signal) {
  const headers = { "HX-Request": "true", "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content };
  const url = document.querySelector("[data-find-open]").href;
  try {
    const answered = await fetch(url, { method: "POST", body: new URLSearchParams({ q: typed }), headers, signal });
    if ([400, 401].includes(answered.status)) return location.reload(); // signed out meanwhile
    if (answered.ok) show(await answered.text());
  } catch (error) {
    if (error.name !== "AbortError" && !(error instanceof TypeError)) throw error;
  }
}

function show(html) {
  list.innerHTML = html;
  chosen = null;
  const isFound = options().length > 0;
  const words = list.querySelector("[data-find-words]")?.textContent ?? "";
  box.setAttribute("aria-expanded", String(isFound));
  list.hidden = !isFound;
  status.textContent = words;
  status.classList.toggle("visually-hidden", isFound || !words); // how many there are, everybody else sees
  choose(options()[0]);
}

const options = () => [...list.querySelectorAll("[role=option]")];

function choose(option) {
  chosen?.setAttribute("aria-selected", "false");
  chosen = option ?? null;
  if (!chosen) return box.removeAttribute("aria-activedescendant");
  chosen.setAttribute("aria-selected", "true");
  chosen.scrollIntoView({ block: "nearest" });
  box.setAttribute("aria-activedescendant", chosen.id);
}

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

async function onKey(event) {
  if (event.isComposing) return;
  if (event.key in STEPS) {
    event.preventDefault();
    const all = options();
    choose(all[(all.indexOf(chosen) + STEPS[event.key] + all.length) % all.length]);
  }
  if (event.key === "Enter") {
    event.preventDefault();
    const moved = { ctrlKey: event.ctrlKey, metaKey: event.metaKey, shiftKey: event.shiftKey };
    await asking; // whoever types faster than the hub answers gets what they typed
    chosen?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ...moved }));
  }
}

// A column of a spreadsheet has line ends, which a box of one line would lose: they become tabs.
function onPaste(event) {
  const pasted = event.clipboardData.getData("text").trim();
  if (!/[\r\n]/.test(pasted)) return;
  event.preventDefault();
  box.value = pasted.replace(/\s*[\r\n]+\s*/g, "\t");
  ask();
}
