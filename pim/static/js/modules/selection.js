// The selection of the list. It is kept in the tab, so that it survives leafing and filtering, and a bulk edit that is left
// again: what is ticked on other pages is sent along. A bulk edit that is confirmed ends it, and “select none”.

const KEPT = "selected products";
export const read = () => new Set(JSON.parse(sessionStorage.getItem(KEPT) || "[]"));
const keep = (selected) => sessionStorage.setItem(KEPT, JSON.stringify([...selected]));

// On the page where a bulk edit is confirmed.
export function endWhenConfirmed() {
  document.querySelector("[data-ends-selection]")?.addEventListener("submit", () => sessionStorage.removeItem(KEPT));
}

export function selectRows() {
  const bar = document.querySelector("[data-selection-bar]");
  if (!bar) return;
  const form = bar.closest("form");
  const boxes = () => [...document.querySelectorAll("[data-select]")];
  const all = document.querySelector("[data-select-all]");
  const matching = document.querySelector("[data-select-matching]");

  function tick() {
    const selected = read();
    boxes().forEach((box) => (box.checked = selected.has(box.value)));
    count();
  }

  document.addEventListener("change", (event) => {
    if (event.target === all) boxes().forEach((box) => (box.checked = all.checked));
    if (event.target === all || event.target.matches("[data-select]")) {
      const selected = read();
      boxes().forEach((box) => selected[box.checked ? "add" : "delete"](box.value));
      keep(selected);
    }
    if (form.contains(event.target)) count();
  });
  document.addEventListener("htmx:afterSwap", tick);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-select-none]")) return;
    keep([]);
    if (matching) matching.querySelector("input").checked = false;
    tick();
  });
  form.addEventListener("formdata", (event) => {
    const here = new Set(boxes().map((box) => box.value));
    read().forEach((sku) => here.has(sku) || event.formData.append("identifier", sku));
  });
  window.addEventListener("pageshow", tick);

  function count() {
    const here = boxes().filter((box) => box.checked).length;
    const selected = read().size;
    all.checked = here > 0 && here === boxes().length;
    all.indeterminate = here > 0 && !all.checked;
    const label = bar.querySelector("[data-selection-count]");
    const elsewhere = selected - here;
    const words = elsewhere ? label.dataset.elsewhere : selected === 1 ? label.dataset.one : label.dataset.many;
    bar.classList.toggle("is-on", selected > 0);
    label.textContent = allMatching(all.checked) || words.replace("{count}", selected).replace("{elsewhere}", elsewhere);
  }

  // When the whole page is ticked, everything that matches may be. What to say of it then, nothing where it is not asked for.
  function allMatching(isOffered) {
    if (!matching) return "";
    const box = matching.querySelector("input");
    matching.hidden = !isOffered;
    box.checked &&= isOffered;
    return box.checked ? matching.dataset.selectMatching : "";
  }
}
