// The dialog of an export: what is ticked, on whatever page of the list, is offered and goes along.

import { read } from "./selection.js";

export function exportRows() {
  document.addEventListener("htmx:afterSwap", (event) => {
    const form = event.detail.target.querySelector?.("[data-export]");
    const count = form ? read().size : 0;
    if (!count) return;
    const rows = form.querySelector("[data-export-rows]");
    const label = rows.querySelector("[data-many]");
    rows.hidden = false;
    const wantsAll = document.querySelector("[data-select-matching] input")?.checked;
    rows.querySelector(wantsAll ? "[value=all]" : "[value=selected]").checked = true;
    label.textContent = (count === 1 ? label.dataset.one : label.dataset.many).replace("{count}", count);
  });
  document.addEventListener("formdata", (event) => {
    if (!event.target.matches("[data-export]")) return;
    if (event.formData.get("rows") === "selected") read().forEach((sku) => event.formData.append("identifier", sku));
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-export]")) event.target.closest("dialog").close(); // the file comes, the list stays
  });
}
