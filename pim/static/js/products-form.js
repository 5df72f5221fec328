// The form of a product: what was changed, how long texts are, pictures in order, Ctrl+S, and a question before changes are lost.
// Saving works without any of it: every control has a hidden twin with what it was drawn with, and the server compares.

import { askBeforeLeaving } from "./modules/leaving.js";
import { prepareAssets } from "./modules/pictures.js";
import { prepareLinks } from "./modules/links.js";

function prepareForm(form) {
  form.querySelectorAll("[data-assets]").forEach(prepareAssets);
  form.querySelectorAll("[data-limit]").forEach(prepareCount);
  document.addEventListener("input", () => mark(form));
  document.addEventListener("change", () => mark(form));
  askBeforeLeaving(() => form.dataset.changes !== "0" && !form.dataset.leaving);
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s" && form.querySelector("[data-save-bar]")) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  mark(form);
  form.querySelector(".is-invalid")?.focus();
}

// What a value's controls say, spelled as its hidden twin spells it.
function spelled(value) {
  const controls = [...value.querySelectorAll("[name^='value-']")];
  const texts = controls.flatMap(spelledControl);
  const isMeasurement = controls.length === 2 && controls[1].name.endsWith("-unit");
  if (isMeasurement) return texts[0].trim() ? texts.join(" ") : "";
  return texts.join(",");
}

function spelledControl(control) {
  if (control.type === "checkbox") return control.checked ? [control.value] : [];
  if (control.multiple) return [...control.selectedOptions].map((option) => option.value);
  return [control.value];
}

function isChanged(value) {
  const files = [...value.querySelectorAll("input[type=file]")];
  return files.some((input) => input.files.length) || spelled(value) !== value.querySelector("[name^='was-']").value;
}

function mark(form) {
  const values = [...document.querySelectorAll("[data-field]")]; // some stand beside the form
  values.forEach((value) => value.classList.toggle("is-changed", isChanged(value)));
  const count = values.filter((value) => value.classList.contains("is-changed")).length;
  const bar = form.querySelector("[data-save-bar]");
  form.dataset.changes = count;
  if (!bar) return;
  const label = bar.querySelector("[data-changes]");
  const sentence = count === 0 ? label.dataset.none : count === 1 ? label.dataset.one : label.dataset.many.replace("{count}", count);
  if (label.textContent !== sentence) label.textContent = sentence;
  bar.classList.toggle("is-dirty", count > 0);
}

function prepareCount(control) {
  const limit = Number(control.dataset.limit);
  const note = document.createElement("div");
  note.className = "value-count";
  note.setAttribute("aria-hidden", "true");
  control.closest("[data-field]").querySelector("[name^='was-']").before(note);
  const count = () => {
    note.textContent = `${control.value.length} / ${limit}`;
    note.classList.toggle("is-over", control.value.length > limit);
  };
  control.addEventListener("input", count);
  count();
}

const form = document.querySelector("[data-values]");
if (form) prepareForm(form);
document.querySelectorAll("[data-links]").forEach(prepareLinks);
