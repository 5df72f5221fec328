import { searchBox } from "./search-box.js";

// Links to other products are found by name and shown by name; what is sent are SKUs with commas between them.
export function prepareLinks(input) {
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
      const answer = await fetch(`${input.dataset.links}?q=${encodeURIComponent(words)}`);
      show(answer.ok ? await answer.json() : []);
    },
  });
}
