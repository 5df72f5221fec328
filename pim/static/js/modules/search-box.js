// Fields with a search box, made by tom-select.

// What every field with a search box says, in the reader's language.
export const searchBox = () => ({
  plugins: { remove_button: { title: document.body.dataset.takeAway } },
  render: {
    option_create: (data, escape) => `<div class="create">${escape(document.body.dataset.add)} <strong>${escape(data.input)}</strong></div>`,
    no_results: (data, escape) => `<div class="no-results">${escape(document.body.dataset.nothing)}</div>`,
  },
});

// <select data-enhance> gets a search box.
export function enhance(root) {
  root.querySelectorAll("select[data-enhance]:not(.tomselected)").forEach((select) => {
    // The hidden original keeps its name for programs that read the page.
    if (select.labels.length) select.setAttribute("aria-label", select.labels[0].textContent.trim());
    const box = searchBox();
    new TomSelect(select, { ...box, maxOptions: 500, plugins: select.multiple ? box.plugins : {} });
  });
}
