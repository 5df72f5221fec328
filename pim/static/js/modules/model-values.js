import { prepareLinkPicker } from "./link-picker.js";
import { prepareAssets } from "./pictures.js";
import { prepareRichTexts } from "./rich-text.js";
import { askFor, parsed, tell, toasts } from "./saving.js";
import { goTo } from "./scopes.js";
import { enhance } from "./search-box.js";

// A value that the model holds, changed from the page of a variant: its field comes into a dialog that says how many variants
// it changes, and is saved on the model. What was typed on this page stays. Without scripts the link leads to the model.

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-edit-model]");
  const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (link && isPlain) {
    event.preventDefault();
    open(link);
  }
  if (event.target.closest("[data-model-close]")) document.getElementById("model-value").close();
});

async function open(link) {
  const { editModel: address, count } = link.dataset;
  const page = await askFor(link.href);
  const field = page?.getElementById(`field-${address}`);
  if (!field || !("field" in field.dataset)) return location.assign(link.href); // it is kept elsewhere there too
  const dialog = document.getElementById("model-value");
  const form = dialog.querySelector("form");
  const model = link.querySelector(".where-name").textContent;
  dialog.querySelectorAll("[data-words]").forEach((one) => {
    const words = count === "1" ? one.dataset.one : one.dataset.words;
    one.textContent = words.replace("{count}", count).replace("{model}", model);
  });
  form.action = page.querySelector("[data-values]").action;
  show(form, page, address);
  dialog.showModal();
  form.querySelector(":is(.rich-area, .ts-control input, .form-control, .form-select):not([hidden], .tomselected)")?.focus();
  form.onsubmit = (event) => {
    event.preventDefault();
    save(dialog, form, address);
  };
}

// The field as a page of the model has it, with what goes along when it is saved.
function show(form, page, address) {
  const field = page.getElementById(`field-${address}`);
  delete field.dataset.field; // it is no value of this page
  field.classList.add("is-open");
  const place = form.querySelector("[data-model-field]");
  place.replaceChildren(field, page.querySelector("[data-values] [name=version]"), page.querySelector("[data-values] [name=csrf_token]"));
  enhance(place);
  prepareRichTexts(place);
  place.querySelectorAll("[data-link-picker]").forEach(prepareLinkPicker);
  place.querySelectorAll("[data-assets]").forEach(prepareAssets);
}

async function save(dialog, form, address) {
  let answer;
  try {
    answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" } });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return tell("offline");
  }
  if (answer.headers.has("HX-Redirect")) {
    const model = await askFor(new URL(answer.headers.get("HX-Redirect"), location.href));
    dialog.close();
    await goTo(new URL(location.href));
    if (model) toasts().append(...model.getElementById("toasts").children);
    return;
  }
  if (answer.headers.has("HX-Retarget")) return toasts().append(...parsed(await answer.text()).body.children);
  if ([409, 422].includes(answer.status)) return show(form, parsed(await answer.text()), address);
  tell("offline");
}
