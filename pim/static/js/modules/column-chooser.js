// The dialog that chooses columns: what is ticked moves to the list of what is shown, where it is ordered by buttons, by
// dragging and with Alt and the arrows. The form sends the boxes in the order in which they stand.

export function chooseColumns() {
  let dragged = null;

  const lineOf = (event) => event.target.closest?.("[data-column-line]");

  document.addEventListener("change", (event) => {
    const line = lineOf(event);
    if (!line) return;
    const chosen = line.closest("form").querySelector("[data-chosen]");
    if (event.target.checked && line.parentElement !== chosen) {
      line.draggable = true;
      chosen.append(line);
      event.target.focus();
    }
  });

  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-column-search]")) return;
    const word = event.target.value.trim().toLowerCase();
    const form = event.target.closest("form");
    form.querySelectorAll("[data-column-line]").forEach((line) => (line.hidden = !line.dataset.words.includes(word)));
    form.querySelectorAll("[data-column-group]").forEach((group) => (group.hidden = !group.querySelector("[data-column-line]:not([hidden])")));
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (button) move(lineOf(event), button.dataset.move, button);
    if (event.target.closest("[data-usual-columns]")) {
      event.target.closest("form").querySelectorAll("[name=column]").forEach((box) => (box.checked = false));
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("[data-column-search]")) event.preventDefault(); // it would press the first button
    const way = event.altKey && { ArrowUp: "up", ArrowDown: "down" }[event.key];
    const line = way ? lineOf(event) : null;
    if (!line?.parentElement.matches("[data-chosen]")) return;
    event.preventDefault();
    move(line, way, event.target);
  });

  function move(line, way, focus) {
    if (way === "up") line.previousElementSibling?.before(line);
    else line.nextElementSibling?.after(line);
    focus.focus();
  }

  document.addEventListener("dragstart", (event) => {
    dragged = event.target.matches?.("[data-chosen] > [data-column-line]") ? event.target : null;
  });
  document.addEventListener("dragover", (event) => {
    const line = dragged && event.target.closest("[data-chosen] > [data-column-line]");
    if (!line || line === dragged) return;
    event.preventDefault();
    const { top, height } = line.getBoundingClientRect();
    line[event.clientY < top + height / 2 ? "before" : "after"](dragged);
  });
  document.addEventListener("dragend", () => (dragged = null));
}
