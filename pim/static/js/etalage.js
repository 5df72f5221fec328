// Small behaviour shared by all pages. Everything works from attributes, so that fragments loaded later behave the same.

import { openFinder, prepareFinder } from "./modules/finder.js";
import { askBeforeLeaving } from "./modules/leaving.js";
import { saveInPlace } from "./modules/saving.js";
import { enhance } from "./modules/search-box.js";

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-theme-toggle]")) toggleTheme();
  const rail = event.target.closest("[data-rail-toggle]");
  if (rail) toggleRail(rail);
  const close = event.target.closest("[data-close-note]");
  if (close) close.closest("[data-note]").remove();
});

function toggleTheme() {
  const root = document.documentElement;
  root.dataset.bsTheme = root.dataset.bsTheme === "dark" ? "light" : "dark";
  document.cookie = `theme=${root.dataset.bsTheme}; path=/; max-age=31536000; samesite=lax`;
}

// The hub draws the next page as this one is left.
function toggleRail(button) {
  const isRail = document.querySelector(".page").classList.toggle("has-rail");
  button.setAttribute("aria-pressed", String(isRail));
  document.cookie = `sidebar=${isRail ? "rail" : "wide"}; path=/; max-age=31536000; samesite=lax`;
}

// Questions before something is done: <form data-confirm="Sure?">, the same on one button of a form, and hx-confirm use one dialog.
async function ask(question, yes) {
  const dialog = document.getElementById("confirm");
  const button = dialog.querySelector("[value=yes]");
  dialog.querySelector(".confirm-text").textContent = question;
  button.textContent = yes || button.dataset.defaultLabel;
  dialog.returnValue = "no";
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  return dialog.returnValue === "yes";
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const submitter = event.submitter;
  const asks = submitter?.dataset.confirm ? submitter : form;
  if (!asks.dataset.confirm || form.dataset.confirmed) return;
  event.preventDefault();
  if (await ask(asks.dataset.confirm, asks.dataset.confirmYes)) {
    form.dataset.confirmed = "yes";
    form.requestSubmit(submitter);
  }
});

document.addEventListener("htmx:confirm", async (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  if (await ask(event.detail.question)) event.detail.issueRequest(true);
});

// “/” and Ctrl+K open the command field, Alt with PageUp or PageDown goes to the page or product before or after this one.
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.isContentEditable || event.target.matches("input, textarea, select");
  const isModified = event.ctrlKey || event.metaKey;
  const isAsked = (event.key === "/" && !isTyping && !isModified) || (event.key === "k" && isModified);
  if (isAsked && openFinder()) event.preventDefault();
  const way = event.altKey && { PageUp: "prev", PageDown: "next" }[event.key];
  const link = way && document.querySelector(`a[rel=${way}]`);
  if (link) {
    event.preventDefault();
    link.click();
  }
});

// <form data-guard>: a question before what was typed is lost.
function guard(form) {
  const spelled = () => new URLSearchParams(new FormData(form)).toString();
  const drawn = spelled();
  askBeforeLeaving(() => form.isConnected && !form.dataset.leaving && spelled() !== drawn);
}
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || !event.target.matches("[data-keep]")) return;
  event.preventDefault();
  saveInPlace(event.target, event.submitter);
});
document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented) event.target.dataset.leaving = "yes";
});

// Good news leaves by itself, later where it can be undone, and not from under somebody's hand; warnings stay until they are
// closed.
function expireNotes(root) {
  root.querySelectorAll("#toasts :is(.note-success, .note-info):not([data-leaves])").forEach((note) => {
    note.dataset.leaves = "yes";
    const leave = () => (note.matches(":hover, :focus-within") ? setTimeout(leave, 2000) : note.remove());
    setTimeout(leave, note.querySelector(".note-undo") ? 20000 : 6000);
  });
}

function prepare(root) {
  enhance(root);
  expireNotes(document);
  root.querySelectorAll("form[data-guard]").forEach(guard);
}

// A module runs when the page is there: nothing waits for it.
prepareFinder();
prepare(document);
document.addEventListener("etalage:shown", (event) => prepare(event.detail.root));
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) prepare(event.detail.elt);
});
