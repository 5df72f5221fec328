// The form of a product: what was changed, how long texts are, pictures in order, Ctrl+S, and a question before changes are lost.
// Saving works without any of it: every control has a hidden twin with what it was drawn with, and the server compares.

import { askBeforeLeaving } from "./modules/leaving.js";
import { Draft } from "./modules/draft.js";
import { prepareAssets } from "./modules/pictures.js";
import { prepareLinkPicker } from "./modules/link-picker.js";
import { bringAlong, parkedAddresses, unsavedElsewhere } from "./modules/scopes.js";
import "./modules/meant.js";
import "./modules/model-values.js";
import "./modules/picture-texts.js";
import "./modules/provenance.js";
import { followGroups } from "./modules/sheet.js";

let form; // the one on the page: after saving it is another
let draft;

function prepare() {
  followGroups();
  form = document.querySelector("[data-values]");
  if (!form) return;
  form.querySelectorAll("[data-assets]").forEach(prepareAssets);
  form.querySelectorAll("[data-link-picker]").forEach(prepareLinkPicker);
  form.querySelectorAll("[data-limit]").forEach(prepareCount);
  bringAlong(form);
  draft = new Draft(form);
  typing();
  draft.offer();
  const missing = document.getElementById("only-missing");
  if (missing) prepareMissing(missing);
  form.querySelector(".is-invalid")?.focus();
  goToField();
}

// A link to a field leads to all of it; who follows it can type at once.
function goToField() {
  const field = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const fold = field?.closest("details");
  if (fold) fold.open = true;
  field?.querySelector(":is(.rich-area, .ts-control input, .form-control, .form-select):not([hidden], .tomselected)")?.focus({ preventScroll: true });
}
window.addEventListener("hashchange", goToField);

// “Only what is missing” stays chosen in this tab, from product to product.
function prepareMissing(box) {
  box.checked = sessionStorage.getItem(box.id) === "yes";
  box.addEventListener("change", () => sessionStorage.setItem(box.id, box.checked ? "yes" : ""));
}

document.addEventListener("input", typing);
document.addEventListener("change", typing);
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s" && document.querySelector("[data-save-bar]")) {
    event.preventDefault();
    form.requestSubmit();
  }
});
askBeforeLeaving(() => form && form.dataset.changes !== "0" && !form.dataset.leaving);

function typing() {
  if (!form) return;
  mark();
  draft.keep([...document.querySelectorAll("[data-field]")], parkedAddresses());
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

function mark() {
  const values = [...document.querySelectorAll("[data-field]")]; // some stand beside the form
  values.forEach((value) => value.classList.toggle("is-changed", isChanged(value)));
  const elsewhere = unsavedElsewhere();
  const parked = [...elsewhere.values()].reduce((sum, one) => sum + one, 0);
  const count = parked + values.filter((value) => value.classList.contains("is-changed")).length;
  const bar = document.querySelector("[data-save-bar]");
  form.dataset.changes = count;
  if (!bar) return;
  const label = bar.querySelector("[data-change-words]");
  const total = count === 0 ? "" : count === 1 ? label.dataset.one : label.dataset.many.replace("{count}", count);
  const places = [...elsewhere].filter(([where]) => where).map(([where, number]) => label.dataset.elsewhere.replace("{count}", number).replace("{where}", where));
  const sentence = [total, ...places].join(", ");
  if (label.textContent !== sentence) label.textContent = sentence;
  bar.querySelector("button").dataset.count = count;
  bar.classList.toggle("is-dirty", count > 0);
}

function prepareCount(control) {
  const limit = Number(control.dataset.limit);
  const note = control.closest("[data-field]").querySelector("[data-count]");
  const count = () => {
    note.textContent = `${control.value.length} / ${limit}`;
    note.classList.toggle("is-over", control.value.length > limit);
  };
  control.addEventListener("input", count);
  count();
}

prepare();
document.addEventListener("etalage:shown", prepare);
