// The list, and what the list and the product page share: dropdowns that load at once, a selection that counts itself.

document.documentElement.classList.add("with-scripts");

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
  if (event.target.matches("[data-select-all]")) {
    document.querySelectorAll("[data-select]").forEach((box) => (box.checked = event.target.checked));
  }
  if (event.target.matches("[data-select], [data-select-all]")) countSelection();
});

function countSelection() {
  const bar = document.querySelector("[data-selection-bar]");
  const label = bar.querySelector("[data-selection-count]");
  const boxes = [...document.querySelectorAll("[data-select]")];
  const count = boxes.filter((box) => box.checked).length;
  const all = document.querySelector("[data-select-all]");
  all.checked = count === boxes.length;
  all.indeterminate = count > 0 && count < boxes.length;
  bar.classList.toggle("is-on", count > 0);
  label.textContent = count === 1 ? label.dataset.one : label.dataset.many.replace("{count}", count);
}

// Addresses say only what was asked for.
document.addEventListener("submit", (event) => {
  if (event.target.method === "get") [...event.target.elements].filter((one) => one.value === "").forEach((one) => (one.disabled = true));
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[method=get] :disabled").forEach((one) => (one.disabled = false));
});
