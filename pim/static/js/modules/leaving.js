// A question before what was typed is lost. Whoever answers “stay” has the page as it was: lists that lead elsewhere,
// such as the channel and the language, say again where one is.
export function askBeforeLeaving(hasChanges) {
  window.addEventListener("beforeunload", (event) => {
    if (!hasChanges()) return;
    event.preventDefault();
    setTimeout(() => document.querySelectorAll("[data-submits]").forEach((control) => control.form.reset()));
  });
}
