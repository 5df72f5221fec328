// The search for a category of the channel: arrow keys go from the box into what was found and back; Enter on one takes it.

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

document.addEventListener("keydown", (event) => {
  const box = event.target.closest("[data-node-search]");
  const node = event.target.closest(".found-node");
  if (!box && !node) return;
  const places = [document.querySelector("[data-node-search]"), ...document.querySelectorAll(".found-node")];
  if (event.key in STEPS) {
    event.preventDefault();
    places[Math.min(Math.max(places.indexOf(box ?? node) + STEPS[event.key], 0), places.length - 1)].focus();
  } else if (event.key === "Escape" && node) {
    places[0].focus();
  }
});
