// Models open in place: the first time htmx brings the rows below, then they are hidden and shown. On a model's row the
// arrows to the right and to the left open and close it.

export function expandModels() {
  const rowsBelow = (model) => [...document.querySelectorAll(`[data-below="${CSS.escape(model)}"]`)];

  function show(model, isShown) {
    for (const row of rowsBelow(model)) {
      row.hidden = !isShown;
      const inner = row.querySelector("[data-expand]");
      if (inner) show(inner.dataset.expand, isShown && inner.ariaExpanded === "true");
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-expand]");
    if (!button) return;
    button.ariaExpanded = button.ariaExpanded !== "true";
    show(button.dataset.expand, button.ariaExpanded === "true");
  });

  document.addEventListener("keydown", (event) => {
    const wanted = { ArrowRight: "false", ArrowLeft: "true" }[event.key];
    if (!wanted || event.altKey || event.ctrlKey || !event.target.closest(".lead")) return;
    const button = event.target.closest("tr").querySelector("[data-expand]");
    if (button?.ariaExpanded !== wanted) return;
    event.preventDefault();
    button.click();
  });
}
