import { putBack, typedIn } from "./draft.js";
import { askFor, swap } from "./saving.js";

// One form for all languages and channels of a product, and for its values and links: choosing another one puts its fields in
// place of these. What was typed and is not saved goes along, hidden, and is sent by the same Save.

const TABS = [null, "values", "links"]; // those that the Save saves

const parked = new Map(); // address -> what was typed into a field that the page does not show
let typedOn = null; // the version of the product that it was typed on, until the next form stands there
const addressOf = (field) => field.querySelector("[name^='was-']").name.slice("was-".length);
const changedFields = () => [...document.querySelectorAll("[data-field].is-changed")];

// Unsaved values elsewhere, by the language or channel they are of: label -> count.
export function unsavedElsewhere() {
  const counts = new Map();
  for (const { where } of parked.values()) counts.set(where, (counts.get(where) || 0) + 1);
  return counts;
}

export const parkedAddresses = () => [...parked.keys()];

document.addEventListener("submit", (event) => {
  if (!event.target.matches(".scope form, .compare") || !document.querySelector("[data-values]")) return;
  event.preventDefault();
  const target = new URL(event.target.action);
  target.search = new URLSearchParams([...new FormData(event.target)].filter(([, value]) => value));
  goTo(target);
});

// A link to a field in another language of the same product.
document.addEventListener("click", (event) => {
  const link = event.target.closest("#content a[href]");
  const isPlain = !event.defaultPrevented && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (!link || !isPlain || link.target || !document.querySelector("[data-values]")) return;
  const target = new URL(link.href);
  const isSame = target.origin === location.origin && target.pathname === location.pathname;
  if (!isSame || target.search === location.search || !TABS.includes(target.searchParams.get("tab"))) return;
  event.preventDefault();
  goTo(target);
});

// Shows the fields as they are at an address of this product; what was typed stays.
export async function goTo(target) {
  const form = document.querySelector("[data-values]");
  const page = await askFor(target);
  if (!page) return location.assign(target); // which asks before anything is lost
  park(form);
  history.replaceState(history.state, "", target);
  const { id } = document.activeElement;
  swap(page);
  for (const part of [".topbar .scope", ".topbar .breadcrumb", "#sections"]) {
    const theirs = page.querySelector(part);
    if (theirs) document.querySelector(part)?.replaceWith(theirs);
  }
  if (target.hash) window.dispatchEvent(new Event("hashchange"));
  else document.getElementById(id)?.focus({ preventScroll: true });
}

function park(form) {
  for (const field of changedFields()) {
    const controls = [...field.querySelectorAll("[name]:not([type=file])")];
    const sent = controls.flatMap((control) => entriesOf(control).map((value) => [control.name, value]));
    parked.set(addressOf(field), { typed: typedIn(field), sent, where: field.dataset.where || "" });
  }
  typedOn = Number(form.elements.version.value);
  form.dataset.leaving = "yes";
}

function entriesOf(control) {
  if (control.type === "checkbox") return control.checked ? [control.value] : [];
  return control.multiple ? [...control.selectedOptions].map((option) => option.value) : [control.value];
}

// What goes along comes into the form that stands there now. Its version is the one that all of it was typed on: what somebody
// else made of these values since is shown as a conflict.
export function bringAlong(form) {
  if (parked.size && typedOn !== null) form.elements.version.value = Math.min(typedOn, Number(form.elements.version.value));
  typedOn = null;
  for (const [address, { typed, sent }] of parked) {
    const field = document.getElementsByName(`was-${address}`)[0]?.closest("[data-field]");
    if (field) {
      putBack(field, typed);
      parked.delete(address);
    } else form.append(...sent.map(([name, value]) => hidden(name, value)));
  }
}

function hidden(name, value) {
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name, value });
  return input;
}

document.addEventListener("etalage:saved", () => parked.clear());
