// The review desk: A approves, R opens the comment, J and K walk through the queue. A decision that is refused leaves the
// product where it is, with the reason.

import { answered, parsed, tell, toasts } from "./modules/saving.js";

const desk = document.querySelector("[data-review]");
const queued = () => [...document.querySelectorAll("[data-queued]")];
const current = () => document.querySelector("[data-queued][aria-current]");
const entryOf = (identifier) => queued().find((one) => one.dataset.queued === identifier);
const isOpen = (entry) => !entry.dataset.decided;

async function show(entry) {
  if (!entry) return;
  queued().forEach((one) => one.removeAttribute("aria-current"));
  entry.setAttribute("aria-current", "true");
  entry.scrollIntoView({ block: "nearest" });
  const answer = await fetch(entry.href, { headers: { "HX-Request": "true" } });
  if (!answer.ok) return location.assign(entry.href);
  if (entry === current()) put(await answer.text());
}

function put(html) {
  desk.innerHTML = html;
  htmx.process(desk);
  desk.querySelector("[data-product]")?.focus({ preventScroll: true });
  window.scrollTo({ top: 0, behavior: "instant" });
}

function neighbour(step) {
  const all = queued();
  return all[all.indexOf(current()) + step];
}

function nextOpen(entry) {
  const all = queued();
  const place = all.indexOf(entry);
  return [...all.slice(place + 1), ...all.slice(0, place)].find(isOpen);
}

// The next product is asked for once the hub has decided on this one: what goes along with it, such as its model, is then
// shown as it is.
async function decide(form) {
  if (desk.dataset.busy || !form.reportValidity()) return;
  desk.dataset.busy = "yes";
  const entry = entryOf(desk.querySelector("[data-product]").dataset.product);
  try {
    const answer = await answered(form);
    if (answer === null) return tell("unsaved");
    if (answer.status === 409) return put(await answer.text());
    if (!answer.ok) return tell("offline");
    mark(entry, form.dataset.decision);
    tellDecided(await answer.text());
    const next = nextOpen(entry);
    const more = document.querySelector("[data-more]");
    if (next) await show(next);
    else if (more) location.assign(more.href);
    else desk.querySelectorAll("form, [data-open-comment]").forEach((one) => one.remove());
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    tell("offline"); // what fetch throws without a connection
  } finally {
    delete desk.dataset.busy;
  }
}

// The latest decision is said with its way back; those before it stand in the history of their products.
function tellDecided(html) {
  toasts().querySelectorAll(".note-success").forEach((note) => note.remove());
  toasts().append(...parsed(html).body.children);
}

function mark(entry, decision) {
  entry.dataset.decided = decision;
  const label = document.querySelector("[data-reviewed]");
  const done = queued().filter((one) => !isOpen(one)).length;
  label.textContent = label.dataset.words.replace("{done}", done).replace("{all}", queued().length);
}

function openComment(isOpening) {
  const form = desk.querySelector("[data-comment]");
  form.classList.toggle("is-open", isOpening);
  if (isOpening) form.querySelector("textarea").focus();
  else desk.querySelector("[data-open-comment]").focus();
}

const KEYS = {
  a: () => desk.querySelector("[data-decision=approved]")?.requestSubmit(),
  r: () => desk.querySelector("[data-comment]") && openComment(true),
  j: () => show(neighbour(1)),
  k: () => show(neighbour(-1)),
};

document.addEventListener("keydown", (event) => {
  if (!desk) return;
  const isTyping = event.target.matches("input, textarea, select");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.closest("[data-comment]")) {
    event.preventDefault();
    event.target.form.requestSubmit();
  } else if (event.key === "Escape" && event.target.closest("[data-comment]")) {
    openComment(false);
  } else if (!isTyping && !event.ctrlKey && !event.metaKey && !event.altKey && KEYS[event.key]) {
    event.preventDefault();
    KEYS[event.key]();
  }
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-decision]")) return;
  event.preventDefault();
  decide(event.target);
});

document.addEventListener("click", (event) => {
  const entry = event.target.closest("[data-queued]");
  if (entry) {
    event.preventDefault();
    show(entry);
  }
  if (event.target.closest("[data-open-comment]")) openComment(true);
  if (event.target.closest("[data-close-comment]")) openComment(false);
});
