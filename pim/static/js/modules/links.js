import { searchBox } from "./search-box.js";

// Links to other products are found by name and shown by name; what is sent are SKUs with commas between them.
export function prepareLinks(input) {
  if (input.tomselect) return;
  const known = JSON.parse(input.dataset.known);
  input.setAttribute("aria-label", input.labels[0].textContent.trim());
  new TomSelect(input, {
    ...searchBox(),
    create: true,
    persist: false,
    maxItems: "single" in input.dataset ? 1 : null,
    valueField: "value",
    labelField: "text",
    searchField: ["text", "value"],
    options: input.value.split(",").filter(Boolean).map((value) => ({ value, text: known[value] || value })),
    load: async (words, show) => {
      const asked = new URL(input.dataset.links, location.href);
      asked.searchParams.set("q", words);
      const answer = await fetch(asked);
      show(answer.ok ? await answer.json() : []);
    },
  });
}
