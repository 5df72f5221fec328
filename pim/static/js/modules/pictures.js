// The pictures of a field: their order, taking them away, and sending new ones as soon as they are chosen.

export function prepareAssets(assets) {
  const list = assets.querySelector(".asset-list");
  const changed = () => assets.dispatchEvent(new Event("change", { bubbles: true }));
  showTools(list);
  list.addEventListener("click", (event) => {
    const asset = event.target.closest("[data-asset]");
    const move = event.target.closest("[data-move]");
    if (event.target.closest("[data-remove]")) asset.remove();
    else if (move && move.dataset.move === "-1") asset.previousElementSibling?.before(asset);
    else if (move) asset.nextElementSibling?.after(asset);
    else return;
    move?.focus();
    changed();
  });
  const input = assets.querySelector("input[type=file]");
  input.addEventListener("change", () => upload(assets, input));
  dropInto(assets.querySelector(".asset-add"), input);
}

function showTools(list) {
  list.querySelectorAll(".asset-tools").forEach((tools) => tools.removeAttribute("hidden"));
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
