// The list, and what the list and the product page share: dropdowns that load at once.

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});

// Addresses say only what was asked for.
document.addEventListener("submit", (event) => {
  if (event.target.method === "get") [...event.target.elements].filter((one) => one.value === "").forEach((one) => (one.disabled = true));
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[method=get] :disabled").forEach((one) => (one.disabled = false));
});
