// Translating: Ctrl+Enter saves a text and goes on to the next one, while the hub answers. What is typed and not saved is
// kept in this browser until it is.

import { askBeforeLeaving } from "./modules/leaving.js";
import { answered, tell } from "./modules/saving.js";

const all = () => [...document.querySelectorAll("[data-translation]")];
const editorOf = (form) => form.querySelector(".rich-area:not([hidden]), textarea:not([hidden]), input.form-control");
const fieldOf = (form) => form.elements[`value-${form.dataset.address}`];
const isChanged = (form) => fieldOf(form).value !== form.elements.was.value;

// A text's draft belongs to one person, one product and one place; of another source text it is worth nothing.
const keyOf = (form) => `translation ${document.body.dataset.person} ${form.dataset.identifier} ${form.dataset.address}`;

function keepDraft(form) {
  if (!isChanged(form)) return localStorage.removeItem(keyOf(form));
  try {
    localStorage.setItem(keyOf(form), JSON.stringify({ source: form.elements.source.value, typed: fieldOf(form).value }));
  } catch {
    // The browser's room is full: the page itself still has everything.
  }
}

function takeDraft(form) {
  const kept = JSON.parse(localStorage.getItem(keyOf(form)) || "null");
  if (kept && kept.source === form.elements.source.value && kept.typed !== fieldOf(form).value) put(form, kept.typed);
}

function put(form, text) {
  const field = fieldOf(form);
  field.value = text;
  field.dispatchEvent(new Event("etalage:put"));
  keepDraft(form);
}

async function save(form, submitter) {
  if (form.dataset.saving) return;
  form.dataset.saving = "yes";
  const sent = fieldOf(form).value;
  try {
    const answer = await answered(form, submitter);
    if (answer === null) tell("unsaved");
    else if (answer.ok || [409, 422].includes(answer.status)) replace(form, await answer.text(), sent);
    else tell("offline");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    tell("offline"); // what fetch throws without a connection
  } finally {
    delete form.dataset.saving;
  }
}

// The answer is the text again, or a message where the page is out of date.
function replace(form, html, sent) {
  const answer = new DOMParser().parseFromString(html, "text/html");
  const next = answer.querySelector("[data-translation]");
  if (!next) return document.getElementById("toasts").append(...answer.body.children);
  const hadFocus = form.contains(document.activeElement);
  const typedSince = fieldOf(form).value === sent ? null : fieldOf(form).value;
  if ("done" in next.dataset) localStorage.removeItem(keyOf(form));
  form.replaceWith(next);
  htmx.process(next);
  document.dispatchEvent(new CustomEvent("etalage:shown", { detail: { root: next } }));
  if (typedSince !== null) put(next, typedSince);
  if (hadFocus) editorOf(next).focus();
  count();
}

function count() {
  const label = document.querySelector("[data-translated]");
  if (!label) return;
  const forms = all();
  const done = forms.filter((form) => "done" in form.dataset).length;
  const words = label.dataset.words.replace("{done}", done).replace("{all}", forms.length);
  if (label.textContent !== words) label.textContent = words;
}

function goTo(form) {
  if (!form) return document.querySelector(".translate-more a")?.focus();
  form.scrollIntoView({ block: "center", behavior: "instant" });
  editorOf(form).focus();
}

function neighbour(form, step) {
  const forms = all();
  return forms[forms.indexOf(form) + step];
}

const nextOpen = (form) => all().slice(all().indexOf(form) + 1).find((one) => !("done" in one.dataset) && !one.dataset.saving);

// Keys of a text: what is pressed -> what it does.
const KEYS = {
  ArrowDown: (form) => neighbour(form, 1) && goTo(neighbour(form, 1)),
  ArrowUp: (form) => neighbour(form, -1) && goTo(neighbour(form, -1)),
  c: (form) => put(form, form.elements.source.value),
  1: (form) => form.querySelector("[data-take]")?.click(),
};

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("[data-translation]");
  if (!form) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    save(form);
    goTo(nextOpen(form));
  } else if (event.altKey && KEYS[event.key]) {
    event.preventDefault();
    KEYS[event.key](form);
  }
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-translation]")) return;
  event.preventDefault();
  save(event.target, event.submitter);
});

document.addEventListener("click", (event) => {
  const form = event.target.closest("[data-translation]");
  if (!form) return;
  if (event.target.closest("[data-copy-source]")) put(form, form.elements.source.value);
  const take = event.target.closest("[data-take]");
  if (take) put(form, take.dataset.take);
  if (event.target.closest("[data-copy-source], [data-take]")) editorOf(form).focus();
});

document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-translation]");
  if (form) keepDraft(form);
});

// What texts that resemble this one were translated to is looked for once somebody comes to it.
document.addEventListener("focusin", async (event) => {
  const list = event.target.closest("[data-translation]")?.querySelector("[data-suggestions]");
  if (!list || list.dataset.asked) return;
  list.dataset.asked = "yes";
  const answer = await fetch(list.dataset.suggestions);
  if (answer.ok) list.insertAdjacentHTML("beforeend", await answer.text());
});

all().forEach(takeDraft);
count();
askBeforeLeaving(() => all().some((form) => isChanged(form) && !("done" in form.dataset)));
