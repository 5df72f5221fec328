// The edge of a column's head is dragged, or moved with the arrows. The hub keeps the widths for the person; an address
// that says its columns says them too.

const STEP = 16;

export function resizeColumns() {
  const table = document.querySelector(".list-table[data-columns]");
  if (!table) return;

  const widthOf = (edge) => edge.closest("th").getBoundingClientRect().width;
  const columnOf = (edge) => table.querySelector(`col[data-column="${CSS.escape(edge.closest("th").dataset.column)}"]`);

  function set(edge, width) {
    const column = columnOf(edge);
    const before = widthOf(edge);
    const wanted = Math.round(Math.min(Math.max(width, edge.ariaValueMin), edge.ariaValueMax));
    column.width = wanted;
    table.width = Number(table.width) + wanted - (Number(column.dataset.drawn) || before);
    column.dataset.drawn = wanted;
    edge.ariaValueNow = wanted;
  }

  document.addEventListener("pointerdown", (event) => {
    const edge = event.target.closest("[data-column-edge]");
    if (!edge) return;
    event.preventDefault();
    const [from, width] = [event.clientX, widthOf(edge)];
    const drag = (moved) => set(edge, width + moved.clientX - from);
    edge.setPointerCapture(event.pointerId);
    edge.addEventListener("pointermove", drag);
    edge.addEventListener("lostpointercapture", () => (edge.removeEventListener("pointermove", drag), keep()), { once: true });
  });

  document.addEventListener("keydown", (event) => {
    const edge = event.target.closest?.("[data-column-edge]");
    const way = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (!edge || !way) return;
    event.preventDefault();
    set(edge, widthOf(edge) + way);
    keep();
  });

  // The name has its width from the others until somebody gives it one.
  function spelled() {
    return [...table.querySelectorAll("col")]
      .filter((column) => column.dataset.column !== ".name" || column.hasAttribute("width"))
      .map((column) => `${column.dataset.column}:${column.width}`)
      .join(",");
  }

  let waiting;
  function keep() {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const columns = spelled();
      const token = document.querySelector("meta[name=csrf-token]").content;
      fetch(table.dataset.columns, { method: "POST", body: new URLSearchParams({ columns }), headers: { "X-CSRFToken": token } });
      say(columns);
    }, 300);
  }

  // The links of this page lead on with the widths that it has now.
  function say(columns) {
    const changed = (address) => {
      const url = new URL(address, location.href);
      if (url.searchParams.has("columns")) url.searchParams.set("columns", columns);
      return url.href;
    };
    if (new URL(location.href).searchParams.has("columns")) history.replaceState(history.state, "", changed(location.href));
    document.querySelectorAll('a[href*="columns="]').forEach((link) => (link.href = changed(link.href)));
    document.querySelectorAll("input[name=columns]").forEach((field) => (field.value = columns));
  }
}
