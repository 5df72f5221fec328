import { itemsOf, plainItem, spelledItem } from "./lists.js";
import { searchBox } from "./search-box.js";

// Links to other products are found by name, SKU or EAN and shown by name; what is sent are SKUs with commas between them.
// What the hub finds is offered as it is: a name may have been found in another language than the one that is shown.
// The box knows each product by its spelling in that list.
export function prepareLinks(input) {
  if (input.tomselect) return;
  const known = JSON.parse(input.dataset.known);
  const isSingle = "single" in input.dataset;
  const option = (sku, text) => ({ value: isSingle ? sku : spelledItem(sku), text });
  const linked = isSingle ? [input.value].filter(Boolean) : itemsOf(input.value).map(plainItem);
  input.dataset.items = JSON.stringify(linked.map((sku) => option(sku, known[sku] || sku)));
  input.setAttribute("aria-label", input.labels[0].textContent.trim());
  const found = new Map(); // words -> products as the box knows them
  new TomSelect(input, {
    ...searchBox(),
    create: false,
    maxItems: isSingle ? 1 : null,
    valueField: "value",
    labelField: "text",
    score: (words) => (one) => (found.get(words)?.has(one.value) ? 1 : 0),
    dataAttr: "data-items",
    load: async (words, show) => {
      const asked = new URL(input.dataset.links, location.href);
      asked.searchParams.set("q", words);
      const answer = await fetch(asked);
      const products = answer.ok ? await answer.json() : [];
      const offered = products.map((one) => option(one.value, one.text));
      found.set(words, new Set(offered.map((one) => one.value)));
      show(offered);
    },
  });
}
