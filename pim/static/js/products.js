// The list, and what the list and the product page share: dropdowns that load at once, a selection that counts itself.

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
  if (event.target.matches("[data-select-all]")) {
    document.querySelectorAll("[data-select]").forEach((box) => (box.checked = event.target.checked));
  }
  if (event.target.matches("[data-select], [data-select-all], [data-select-matching] input")) countSelection();
});

function countSelection() {
  const bar = document.querySelector("[data-selection-bar]");
  const label = bar.querySelector("[data-selection-count]");
  const boxes = [...document.querySelectorAll("[data-select]")];
  const ticked = boxes.filter((box) => box.checked).length;
  const all = document.querySelector("[data-select-all]");
  all.checked = ticked === boxes.length;
  all.indeterminate = ticked > 0 && ticked < boxes.length;
  bar.classList.toggle("is-on", ticked > 0);
  label.textContent = allMatching(all.checked) || (ticked === 1 ? label.dataset.one : label.dataset.many.replace("{count}", ticked));
}

// When the whole page is ticked, everything that matches may be. What to say of it then, nothing where it is not asked for.
function allMatching(isOffered) {
  const matching = document.querySelector("[data-select-matching]");
  if (!matching) return "";
  const box = matching.querySelector("input");
  matching.hidden = !isOffered;
  box.checked &&= isOffered;
  return box.checked ? matching.dataset.selectMatching : "";
}

// Addresses say only what was asked for.
document.addEventListener("submit", (event) => {
  if (event.target.method === "get") [...event.target.elements].filter((one) => one.value === "").forEach((one) => (one.disabled = true));
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[method=get] :disabled").forEach((one) => (one.disabled = false));
});
