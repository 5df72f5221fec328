// Small behaviour shared by all pages. Everything works from attributes, so that fragments loaded later behave the same.

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-theme-toggle]")) toggleTheme();
  const close = event.target.closest("[data-close-note]");
  if (close) close.closest("[data-note]").remove();
});

function toggleTheme() {
  const root = document.documentElement;
  root.dataset.bsTheme = root.dataset.bsTheme === "dark" ? "light" : "dark";
  document.cookie = `theme=${root.dataset.bsTheme}; path=/; max-age=31536000; samesite=lax`;
}

// Questions before something is done: <form data-confirm="Sure?"> and hx-confirm use the same dialog.
async function ask(question, yes) {
  const dialog = document.getElementById("confirm");
  const button = dialog.querySelector("[value=yes]");
  dialog.querySelector(".confirm-text").textContent = question;
  button.textContent = yes || button.dataset.defaultLabel;
  dialog.returnValue = "no";
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  return dialog.returnValue === "yes";
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.dataset.confirm || form.dataset.confirmed) return;
  event.preventDefault();
  const submitter = event.submitter;
  if (await ask(form.dataset.confirm, form.dataset.confirmYes)) {
    form.dataset.confirmed = "yes";
    form.requestSubmit(submitter);
  }
});

document.addEventListener("htmx:confirm", async (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  if (await ask(event.detail.question)) event.detail.issueRequest(true);
});

// Good news leaves by itself; warnings stay until they are closed.
function expireNotes(root) {
  root.querySelectorAll("#toasts .note-success, #toasts .note-info").forEach((note) => setTimeout(() => note.remove(), 6000));
}

// <select data-enhance> gets a search box; with data-create a person may add words.
function enhance(root) {
  root.querySelectorAll("select[data-enhance]:not(.tomselected)").forEach((select) => {
    // The hidden original keeps its name for programs that read the page.
    if (select.labels.length) select.setAttribute("aria-label", select.labels[0].textContent.trim());
    new TomSelect(select, { create: "create" in select.dataset, maxOptions: 500, plugins: select.multiple ? ["remove_button"] : [] });
  });
}

function prepare(root) {
  enhance(root);
  expireNotes(document);
}

document.addEventListener("DOMContentLoaded", () => prepare(document));
document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));
