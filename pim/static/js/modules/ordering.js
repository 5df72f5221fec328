// A list that people put in order: by buttons ([data-move="-1"] and "1"), by Alt with the arrows, by dragging; [data-remove] and
// the Delete key take an item away. Escape while dragging leaves the order as it was.

const WAYS = { ArrowLeft: "-1", ArrowUp: "-1", ArrowRight: "1", ArrowDown: "1" };

export function putInOrder(list, changed) {
  list.addEventListener("click", (event) => {
    const item = event.target.closest("[data-item]");
    const move = event.target.closest("[data-move]");
    if (event.target.closest("[data-remove]")) item.remove();
    else if (move && move.dataset.move === "-1") item.previousElementSibling?.before(item);
    else if (move) item.nextElementSibling?.after(item);
    else return;
    move?.focus();
    changed();
  });
  list.addEventListener("keydown", (event) => {
    const item = event.target.closest("[data-item]");
    if (!item || isTyping(event.target)) return;
    const way = event.altKey && WAYS[event.key];
    if (way) item.querySelector(`[data-move="${way}"]`).click();
    else if (event.key === "Delete") remove(item);
    else return;
    event.preventDefault();
  });
  dragWithin(list, changed);
}

// An item may have texts of its own: what is pressed and dragged within one is about its letters.
const isTyping = (one) => one.matches("input:not([type=checkbox])");

function remove(item) {
  (item.nextElementSibling || item.previousElementSibling)?.querySelector("button").focus();
  item.querySelector("[data-remove]").click();
}

function dragWithin(list, changed) {
  let dragged = null;
  let before = null; // what stood behind it
  list.addEventListener("pointerdown", (event) => {
    const item = event.target.closest("[data-item]");
    if (item) item.draggable = !isTyping(event.target);
  });
  list.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-item]");
    before = dragged?.nextElementSibling ?? null;
    dragged?.classList.add("is-dragged");
  });
  list.addEventListener("dragover", (event) => {
    const over = event.target.closest("[data-item]");
    if (!dragged || !over) return;
    event.preventDefault();
    if (over === dragged) return;
    const { left, top, width, height } = over.getBoundingClientRect();
    const isFirst = isColumn(list) ? event.clientY < top + height / 2 : event.clientX < left + width / 2;
    over[isFirst ? "before" : "after"](dragged);
  });
  list.addEventListener("drop", (event) => dragged && event.preventDefault());
  list.addEventListener("dragend", (event) => {
    if (!dragged) return;
    if (event.dataTransfer.dropEffect === "none") list.insertBefore(dragged, before);
    dragged.classList.remove("is-dragged");
    dragged = null;
    changed();
  });
}

const isColumn = (list) => getComputedStyle(list).flexDirection === "column";

export function showTools(list) {
  list.querySelectorAll(".asset-tools").forEach((tools) => tools.removeAttribute("hidden"));
}
