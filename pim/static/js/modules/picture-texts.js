// The texts of pictures: each is saved when its field is left, or by Enter, and comes back as the hub has it, with a way back.
// They stand on the pictures' own records, so the Save of the product has nothing to do with them.

import { parsed, tell, toasts } from "./saving.js";

async function ask(line, address, fields) {
  const body = new URLSearchParams({ address: line.dataset.address, ...fields });
  const headers = { "HX-Request": "true", "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content };
  try {
    const answer = await fetch(address, { method: "POST", body, headers });
    if (answer.headers.has("HX-Retarget")) return toasts().append(...parsed(await answer.text()).body.children);
    if (!answer.ok) return tell([400, 401].includes(answer.status) ? "unsaved" : "offline");
    show(line, parsed(await answer.text()).querySelector("[data-picture-text]"));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    tell("offline"); // what fetch throws without a connection
  }
}

function show(line, drawn) {
  const hadFocus = line.contains(document.activeElement);
  line.replaceWith(drawn);
  if (hadFocus) drawn.querySelector("input")?.focus({ preventScroll: true });
}

function save(input) {
  if (input.value === input.dataset.was) return;
  const line = input.closest("[data-picture-text]");
  ask(line, line.dataset.save, { text: input.value, version: line.dataset.version });
}

document.addEventListener("change", (event) => event.target.matches("[data-picture-text] input") && save(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches("[data-picture-text] input")) return;
  event.preventDefault(); // and not the Save of the product
  save(event.target);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-picture-text-undo]");
  if (button) ask(button.closest("[data-picture-text]"), button.dataset.pictureTextUndo, { change: button.dataset.change });
});
