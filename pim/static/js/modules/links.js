import { searchBox } from "./search-box.js";

// Links to other products are found by name, SKU or EAN and shown by name; what is sent are SKUs with commas between them.
// What the hub finds is offered as it is: a name may have been found in another language than the one that is shown.
export function prepareLinks(input) {
  if (input.tomselect) return;
  const known = JSON.parse(input.dataset.known);
  input.setAttribute("aria-label", input.labels[0].textContent.trim());
  const found = new Map(); // words -> SKUs
  new TomSelect(input, {
    ...searchBox(),
    create: false,
    maxItems: "single" in input.dataset ? 1 : null,
    valueField: "value",
    labelField: "text",
    score: (words) => (option) => (found.get(words)?.has(option.value) ? 1 : 0),
    options: input.value.split(",").filter(Boolean).map((value) => ({ value, text: known[value] || value })),
    load: async (words, show) => {
      const asked = new URL(input.dataset.links, location.href);
      asked.searchParams.set("q", words);
      const answer = await fetch(asked);
      const products = answer.ok ? await answer.json() : [];
      found.set(words, new Set(products.map((one) => one.value)));
      show(products);
    },
  });
}
