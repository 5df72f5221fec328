// Dialogs whose content is fetched: a button with data-opens names the <dialog> that htmx fills for it.

export function openDialogs() {
  document.addEventListener("htmx:afterSwap", (event) => {
    const dialog = event.detail.target.closest("dialog");
    if (dialog && !dialog.open && event.detail.requestConfig.elt.dataset.opens === dialog.id) dialog.showModal();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-close-dialog]") || event.target.matches("dialog[open].sheet-dialog")) event.target.closest("dialog").close();
  });
}
