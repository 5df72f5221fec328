// The pictures of a field: their order (by buttons, by dragging, by Alt with the arrows), taking them away, choosing some that are
// there, and sending new ones as soon as they are chosen, dropped or pasted.

import { putInOrder, showTools } from "./ordering.js";

export function prepareAssets(assets) {
  const list = assets.querySelector(".asset-list");
  const changed = () => assets.dispatchEvent(new Event("change", { bubbles: true }));
  showTools(list);
  putInOrder(list, changed);
  chooseFrom(assets, list, changed);
  const input = assets.querySelector("input[type=file]");
  if (!input) return; // only what is there can be chosen
  // A picture that was copied goes into the field that one is in.
  (assets.closest(".value") ?? assets).addEventListener("paste", (event) => {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    input.files = event.clipboardData.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  input.addEventListener("change", () => upload(assets, input));
  dropInto(assets.querySelector(".asset-add"), input);
}

// Pictures that are there already, found while one types.
function chooseFrom(assets, list, changed) {
  const [button, dialog] = ["[data-choose-from]", "[data-choose-dialog]"].map((one) => assets.querySelector(one));
  if (!button) return;
  const words = dialog.querySelector("[data-choose-words]");
  const found = dialog.querySelector("[data-choose-list]");
  let asked = 0;
  const look = async () => {
    const mine = ++asked;
    const url = new URL(button.dataset.chooseFrom, location.href);
    url.searchParams.set("q", words.value);
    const answer = await fetch(url, { headers: { "HX-Request": "true" } });
    if (mine === asked && answer.ok) found.innerHTML = await answer.text();
  };
  button.addEventListener("click", () => {
    dialog.showModal();
    look();
  });
  words.addEventListener("input", (event) => {
    event.stopPropagation(); // it is no value of the product
    look();
  });
  words.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  dialog.addEventListener("click", (event) => {
    const choice = event.target.closest("[data-choose]");
    if (event.target.closest("[data-choose-close]")) dialog.close();
    if (!choice) return;
    const picture = choice.parentElement.querySelector("template").content.cloneNode(true);
    const code = picture.querySelector("input").value;
    const isThere = [...list.querySelectorAll("input")].some((one) => one.value === code);
    if ("single" in assets.dataset) list.replaceChildren(picture);
    else if (!isThere) list.append(picture);
    showTools(list);
    dialog.close();
    changed();
  });
}

// Files go to the server as soon as they are chosen, so that they are seen before saving and survive a refused save.
async function upload(assets, input) {
  if (!input.files.length) return;
  const body = new FormData();
  [...input.files].forEach((file) => body.append(input.name, file));
  const token = document.querySelector("meta[name=csrf-token]").content;
  assets.classList.add("is-busy");
  const answer = await fetch(assets.dataset.upload, { method: "POST", body, headers: { "X-CSRFToken": token } });
  assets.classList.remove("is-busy");
  if (!answer.ok) return; // the files stay chosen and go along with the form
  input.value = "";
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const list = assets.querySelector(".asset-list");
  const taken = [...page.querySelectorAll("[data-asset]")];
  if ("single" in assets.dataset && taken.length) list.replaceChildren();
  list.append(...taken);
  showTools(list);
  assets.querySelector("[data-refused]").replaceChildren(...page.body.lastElementChild.childNodes);
  assets.dispatchEvent(new Event("change", { bubbles: true }));
}

function dropInto(area, input) {
  area.addEventListener("dragover", (event) => {
    event.preventDefault();
    area.classList.add("is-over");
  });
  area.addEventListener("dragleave", () => area.classList.remove("is-over"));
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    area.classList.remove("is-over");
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
