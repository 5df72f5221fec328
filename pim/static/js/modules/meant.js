// Beside a field, what somebody may have meant: taken over into the field, where it is saved or left like anything that is
// typed. Pressed once more, what stood there comes back.

import { putBack, typedIn } from "./draft.js";

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-take]");
  if (button) take(button);
});

// A field opens when something in it is focused, and its buttons would move away from under the pointer.
document.addEventListener("mousedown", (event) => {
  if (event.target.closest(".field-marks button")) event.preventDefault();
});

function take(button) {
  const field = button.closest("[data-field]");
  const isTaken = button.getAttribute("aria-pressed") === "true";
  const others = [...button.parentElement.querySelectorAll('[data-take][aria-pressed="true"]')].filter((one) => one !== button);
  [...others, button].forEach((one) => replace(field, one, one !== button || isTaken));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function replace(field, button, isBack) {
  const { take, instead } = button.dataset;
  const [old, meant] = isBack ? [take, instead] : [instead, take];
  const put = "option" in button.dataset ? (one) => (one === old ? meant : one) : wordReplacer(old, meant);
  const isHtml = Boolean(field.querySelector("[data-rich]"));
  const inText = isHtml ? (html) => inTextOf(html, put) : put;
  const values = typedIn(field).map((value) => (Array.isArray(value) ? [...new Set(value.map(inText))] : inText(value)));
  putBack(field, values);
  field.querySelectorAll("[name^='value-']").forEach((control) => control.dispatchEvent(new Event("input", { bubbles: true })));
  button.setAttribute("aria-pressed", String(!isBack));
}

// The word by itself: not where it is a part of another one.
function wordReplacer(old, meant) {
  const quoted = old.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const word = new RegExp(`(?<![\\p{L}\\d_])${quoted}(?![\\p{L}\\d_])`, "gu");
  return (text) => text.replace(word, () => meant);
}

// In what people read of a text with mark-up, and not in its tags.
function inTextOf(html, put) {
  const box = document.createElement("template");
  box.innerHTML = html;
  const texts = document.createTreeWalker(box.content, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) texts.currentNode.data = put(texts.currentNode.data);
  return box.innerHTML;
}
