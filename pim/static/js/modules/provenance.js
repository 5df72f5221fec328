import { putBack } from "./draft.js";

// Where a value comes from, in a note beside its field: by its button, or by Alt+I in the field.

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-about]");
  if (button) tell(button);
  const back = event.target.closest("[data-return]");
  if (back) returnTo(back);
});

document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.key.toLowerCase() !== "i") return;
  const button = event.target.closest(".value")?.querySelector("[data-about]");
  if (!button) return;
  event.preventDefault();
  tell(button);
});

async function tell(button) {
  const note = document.getElementById("about-value");
  const asked = new URL(note.dataset.ask, location.href);
  asked.searchParams.set("address", button.closest(".value").id.slice("field-".length));
  const answer = await fetch(asked, { headers: { "HX-Request": "true" } });
  if (!answer.ok) return;
  note.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").body.children);
  note.showPopover();
  standBeside(note, button.getBoundingClientRect());
  note.focus();
}

// Under its button, or above it where there is no room.
function standBeside(note, button) {
  const below = button.bottom + 4;
  const fits = below + note.offsetHeight < window.innerHeight;
  note.style.left = `${Math.max(8, button.right - note.offsetWidth)}px`;
  note.style.top = `${fits ? below : Math.max(8, button.top - note.offsetHeight - 4)}px`;
}

// Puts it into the field, where it is saved or left like anything that is typed.
function returnTo(button) {
  const field = document.getElementsByName(`was-${button.dataset.return}`)[0].closest("[data-field]");
  putBack(field, JSON.parse(button.dataset.controls));
  document.getElementById("about-value").hidePopover();
  field.dispatchEvent(new Event("change", { bubbles: true }));
  field.querySelector(":is(.rich-area, .ts-control input, .form-control, .form-select):not([hidden], .tomselected)")?.focus();
}
