// The form of a product: what was changed, how long texts are, pictures in order, Ctrl+S, and a question before changes are lost.
// Saving works without any of it: every control has a hidden twin with what it was drawn with, and the server compares.

document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("[data-values]");
  if (!form) return;
  form.querySelectorAll("[data-assets]").forEach(prepareAssets);
  form.querySelectorAll("[data-limit]").forEach(prepareCount);
  document.addEventListener("input", () => mark(form));
  document.addEventListener("change", () => mark(form));
  window.addEventListener("beforeunload", (event) => {
    if (form.dataset.changes !== "0" && !form.dataset.leaving) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s" && form.querySelector("[data-save-bar]")) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  mark(form);
  form.querySelector(".is-invalid")?.focus();
});

// Links to other products are found by name and shown by name; what is sent are SKUs with commas between them.
document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-links]").forEach(prepareLinks));

function prepareLinks(input) {
  const known = JSON.parse(input.dataset.known);
  input.setAttribute("aria-label", input.labels[0].textContent.trim());
  new TomSelect(input, {
    ...searchBox(),
    create: true,
    persist: false,
    maxItems: "single" in input.dataset ? 1 : null,
    valueField: "value",
    labelField: "text",
    searchField: ["text", "value"],
    options: input.value.split(",").filter(Boolean).map((value) => ({ value, text: known[value] || value })),
    load: async (words, show) => {
      const answer = await fetch(`${input.dataset.links}?q=${encodeURIComponent(words)}`);
      show(answer.ok ? await answer.json() : []);
    },
  });
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

function prepareAssets(assets) {
  const list = assets.querySelector(".asset-list");
  const changed = () => assets.dispatchEvent(new Event("change", { bubbles: true }));
  showTools(list);
  list.addEventListener("click", (event) => {
    const asset = event.target.closest("[data-asset]");
    const move = event.target.closest("[data-move]");
    if (event.target.closest("[data-remove]")) asset.remove();
    else if (move && move.dataset.move === "-1") asset.previousElementSibling?.before(asset);
    else if (move) asset.nextElementSibling?.after(asset);
    else return;
    move?.focus();
    changed();
  });
  const input = assets.querySelector("input[type=file]");
  input.addEventListener("change", () => upload(assets, input));
  dropInto(assets.querySelector(".asset-add"), input);
}

function showTools(list) {
  list.querySelectorAll(".asset-tools").forEach((tools) => tools.removeAttribute("hidden"));
}

// Files go to the server as soon as they are chosen, so that they are seen before saving and survive a refused save.
async function upload(assets, input) {
  if (!input.files.length) return;
  const body = new FormData();
  [...input.files].forEach((file) => body.append(input.name, file));
  const token = document.querySelector("meta[name=csrf-token]").content;
  assets.classList.add("is-busy");
  const answer = await fetch(assets.dataset.upload, { method: "POST", body, headers: { "X-CSRFToken": token } });
  assets.classList.remove("is-busy");
  if (!answer.ok) return; // the files stay chosen and go along with the form
  input.value = "";
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const list = assets.querySelector(".asset-list");
  const taken = [...page.querySelectorAll("[data-asset]")];
  if ("single" in assets.dataset && taken.length) list.replaceChildren();
  list.append(...taken);
  showTools(list);
  assets.querySelector("[data-refused]").replaceChildren(...page.body.lastElementChild.childNodes);
  assets.dispatchEvent(new Event("change", { bubbles: true }));
}

function dropInto(area, input) {
  area.addEventListener("dragover", (event) => {
    event.preventDefault();
    area.classList.add("is-over");
  });
  area.addEventListener("dragleave", () => area.classList.remove("is-over"));
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    area.classList.remove("is-over");
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
