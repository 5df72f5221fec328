// Links to other products, each with its picture, in their order. Products are found while one types their name, SKU or EAN;
// Enter or a click takes one. What is sent is one text: their SKUs with commas between them. A value that names one product alone
// asks for another only once that one is taken away.

import { itemsOf, plainItem, spelledItem } from "./lists.js";
import { putInOrder, showTools } from "./ordering.js";

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

export function prepareLinkPicker(picker) {
  const whole = picker.closest("[data-link-field]");
  const isSingle = "single" in whole.dataset;
  const list = whole.querySelector("[data-link-list]");
  const spelled = picker.querySelector("[name^='value-']");
  const box = picker.querySelector("[data-link-search]");
  const found = picker.querySelector("[data-link-found]");
  const named = () => [...list.children].map((line) => line.dataset.linked);
  const savesByEnter = picker.closest("[data-cell-form]") !== null;
  let asked = 0;

  spelled.hidden = true;
  box.id = spelled.id;
  spelled.removeAttribute("id");
  putInOrder(list, () => {
    changed();
    if (isSingle) box.focus();
  });
  fit();

  // Beside the lines that stand there now.
  function fit() {
    showTools(list);
    box.hidden = isSingle && list.children.length > 0;
    if (isSingle) [...list.children].forEach((line) => (line.tabIndex = -1));
  }

  function changed() {
    fit();
    spelled.value = isSingle ? named().join("") : named().map(spelledItem).join(",");
    spelled.dispatchEvent(new Event("change", { bubbles: true }));
  }

  async function offers(question) {
    const url = new URL(picker.dataset.linkPicker, location.href);
    question.forEach(([name, value]) => url.searchParams.append(name, value));
    const answer = await fetch(url, { headers: { "HX-Request": "true" } });
    return answer.ok ? answer.text() : "";
  }

  // What a draft, or another language's form, brings back: lines for what it names.
  spelled.addEventListener("etalage:put", async () => {
    const wanted = isSingle ? [spelled.value].filter(Boolean) : itemsOf(spelled.value).map(plainItem);
    const lines = new Map([...list.children].map((line) => [line.dataset.linked, line]));
    const unknown = wanted.filter((sku) => !lines.has(sku));
    if (unknown.length) {
      const drawn = new DOMParser().parseFromString(await offers(unknown.map((sku) => ["sku", sku])), "text/html");
      drawn.querySelectorAll("template").forEach((one) => lines.set(one.content.firstElementChild.dataset.linked, one.content.firstElementChild));
    }
    list.replaceChildren(...wanted.map((sku) => lines.get(sku)).filter(Boolean));
    fit();
  });

  const options = () => [...found.querySelectorAll("[role=option]")];
  const chosen = () => found.querySelector('[aria-selected="true"]');

  function choose(option) {
    chosen()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) box.setAttribute("aria-activedescendant", option.id);
    else box.removeAttribute("aria-activedescendant");
  }

  function show(html) {
    found.innerHTML = html;
    options().forEach((one, number) => (one.id = `${found.id}-${number}`));
    found.hidden = !html;
    box.setAttribute("aria-expanded", String(options().length > 0));
    choose(options()[0]);
  }

  box.addEventListener("input", async (event) => {
    event.stopPropagation(); // it is no value of the product
    const mine = ++asked;
    const words = box.value.trim();
    const html = words ? await offers([["q", words]]) : "";
    if (mine === asked) show(html);
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const all = options();
    if (event.key in STEPS && all.length) choose(all[(all.indexOf(chosen()) + STEPS[event.key] + all.length) % all.length]);
    else if (event.key === "Enter" && chosen()) take(chosen());
    else if (event.key === "Enter" && savesByEnter) return;
    else if (event.key === "Enter") close();
    else if (event.key === "Escape" && !found.hidden) close();
    else return;
    event.preventDefault();
  });
  box.addEventListener("blur", () => show(""));
  found.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays in the box
  found.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });

  function close() {
    asked++;
    box.value = "";
    show("");
  }

  function take(option) {
    const line = option.querySelector("template").content.firstElementChild.cloneNode(true);
    close();
    if (named().includes(line.dataset.linked)) return;
    list.append(line);
    changed();
    if (isSingle) line.focus();
  }
}
