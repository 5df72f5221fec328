// A file is brought back by choosing it, or by dropping it anywhere on the list.

export function bringBack() {
  const form = document.querySelector("[data-bring-back]");
  if (!form) return;
  const input = form.querySelector("[type=file]");
  const place = form.querySelector("[data-drop-here]");
  const holdsFile = (event) => event.dataTransfer?.types.includes("Files");
  let depth = 0; // a drag enters and leaves every element on its way

  function show(isOver) {
    if (!isOver) depth = 0;
    place.hidden = !isOver;
  }

  input.addEventListener("change", () => input.files.length && form.requestSubmit());
  document.addEventListener("dragenter", (event) => {
    if (!holdsFile(event)) return;
    depth += 1;
    show(true);
  });
  document.addEventListener("dragleave", (event) => {
    if (!holdsFile(event)) return;
    depth -= 1;
    if (depth <= 0) show(false);
  });
  document.addEventListener("dragover", (event) => holdsFile(event) && event.preventDefault());
  document.addEventListener("drop", (event) => {
    if (!holdsFile(event)) return;
    event.preventDefault();
    show(false);
    input.files = event.dataTransfer.files;
    form.requestSubmit();
  });
  window.addEventListener("pageshow", () => (input.value = ""));
}
