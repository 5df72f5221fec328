// The dialog of a filter shows the controls that its operator wants; the others are not sent.

export function editFilters() {
  const showControls = (root) => {
    const operator = root.querySelector("[data-filter-operator]");
    if (!operator) return;
    const arity = operator.selectedOptions[0].dataset.arity;
    root.querySelectorAll("[data-for-arity]").forEach((part) => {
      const isWanted = part.dataset.forArity.split(" ").includes(arity);
      part.hidden = !isWanted;
      part.querySelectorAll("input, select").forEach((one) => {
        one.disabled = !isWanted;
        one.tomselect?.[isWanted ? "enable" : "disable"]();
      });
    });
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-filter-operator]")) showControls(event.target.closest("form"));
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const form = event.detail.target.querySelector?.("form") || event.detail.target.closest?.("form");
    if (form?.querySelector("[data-filter-operator]")) showControls(form);
  });
}
