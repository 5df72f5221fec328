// Cells of the list are edited where they stand. With the focus in a cell the arrows go from cell to cell; Enter, F2 or two
// clicks open the editor of its attribute. There Enter saves, Tab saves and opens the next cell, Escape leaves all as it was.
// A block copied in a spreadsheet is pasted over cells. What the hub refuses is said at the cell; what it took can be undone.

import { prepareLinkPicker } from "./link-picker.js";
import { linesOf } from "./pasted.js";
import { enhance } from "./search-box.js";

const token = () => document.querySelector("meta[name=csrf-token]").content;
const parsed = (text) => new DOMParser().parseFromString(text, "text/html");

export function editCells() {
  const table = document.querySelector(".list-table[data-edits]");
  if (!table) return;
  const place = document.querySelector(".products-list");
  let editor = null; // the form that is open
  let edited = null; // its cell

  table.querySelector("[data-cell]")?.setAttribute("tabindex", "0");
  table.addEventListener("focusin", (event) => {
    const cell = event.target.closest("[data-cell]");
    if (!cell || cell !== event.target) return;
    table.querySelectorAll('[data-cell][tabindex="0"]').forEach((one) => (one.tabIndex = -1));
    cell.tabIndex = 0;
  });

  const rowsShown = () => [...table.tBodies[0].rows].filter((row) => !row.hidden);
  const cellsOf = (row) => [...row.querySelectorAll("[data-cell]")];

  function beside(cell, down, right) {
    const rows = rowsShown();
    const row = rows[rows.indexOf(cell.closest("tr")) + down];
    return row && cellsOf(row)[cellsOf(cell.closest("tr")).indexOf(cell) + right];
  }

  table.addEventListener("keydown", (event) => {
    const cell = event.target.matches("[data-cell]") ? event.target : null;
    if (!cell || event.altKey || event.ctrlKey || event.metaKey) return;
    const [down, right] = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }[event.key] || [];
    if (down !== undefined) beside(cell, down, right)?.focus();
    else if (event.key === "Enter" || event.key === "F2") open(cell);
    else return;
    event.preventDefault();
  });
  table.addEventListener("dblclick", (event) => {
    const cell = event.target.closest("[data-cell]");
    if (cell && !event.target.closest("a, button, input")) open(cell);
  });
  table.addEventListener("click", (event) => {
    const cell = event.target.closest("[data-cell]");
    if (cell && !event.target.closest("a, button, input")) cell.focus();
  });

  async function open(cell) {
    close();
    const asked = new URL(cell.closest("tr").dataset.cells, location.href);
    asked.searchParams.set("column", cell.dataset.cell);
    const answer = await fetch(asked, { headers: { "HX-Request": "true" } });
    if (!answer.ok) return tell("offline");
    close();
    edited = cell;
    editor = parsed(await answer.text()).querySelector("[data-cell-form]");
    if (editor.elements.below) editor.elements.below.value = cell.closest("tr").dataset.below || "";
    place.append(editor);
    enhance(editor);
    editor.querySelectorAll("[data-link-picker]").forEach(prepareLinkPicker);
    put();
    const controls = "[data-cell-focus], .ts-control input, .form-control:not([hidden]), .form-select";
    const first = editor.querySelector(controls) || editor.querySelector("[data-linked]");
    first.focus();
    first.select?.();
  }

  function put() {
    const [frame, cell] = [place.getBoundingClientRect(), edited.getBoundingClientRect()];
    const width = Math.min(Math.max(cell.width, 288), frame.width);
    editor.style.width = `${width}px`;
    editor.style.left = `${Math.max(0, Math.min(cell.left - frame.left, frame.width - width))}px`;
    const below = cell.top - frame.top;
    const room = Math.min(frame.height, innerHeight - frame.top);
    editor.style.top = `${Math.max(0, Math.min(below, room - editor.offsetHeight))}px`;
  }

  function close() {
    editor?.remove();
    const cell = edited;
    editor = edited = null;
    return cell;
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-cell-cancel]")) close()?.focus();
  });
  document.addEventListener("submit", (event) => {
    if (event.target !== editor) return;
    event.preventDefault();
    event.stopPropagation();
    save(0, 0);
  }, true);
  document.addEventListener("keydown", (event) => {
    if (!editor?.contains(event.target) || event.defaultPrevented) return;
    const isChoosing = event.target.closest(".ts-wrapper.dropdown-active");
    if (event.key === "Escape" && !isChoosing) {
      event.preventDefault();
      close().focus();
    } else if (event.key === "Enter" && !isChoosing && !event.target.matches("button, a") && (event.ctrlKey || !event.target.matches("textarea"))) {
      event.preventDefault();
      save(0, 0);
    } else if (event.key === "Tab" && !event.target.matches("button, a")) {
      event.preventDefault();
      save(0, event.shiftKey ? -1 : 1);
    }
  });

  // Saves what the editor says, and goes on to the cell beside it, if that is wanted.
  async function save(down, right) {
    if (!editor.elements.version) return; // nothing can be edited here
    const [form, cell] = [editor, edited];
    const [column, sku] = [cell.dataset.cell, cell.closest("tr").dataset.product];
    const said = await send(form.action, new FormData(form));
    if (!said || form !== editor) return;
    const wrong = said.refused.filter((one) => one.column === column || !one.column);
    if (wrong.length) {
      form.querySelector("[data-cell-error]").textContent = wrong.map((one) => one.why).join(" ");
      form.elements.version.value = wrong[0].version;
      return put();
    }
    close();
    show(said);
    const now = table.querySelector(`tr[data-product="${CSS.escape(sku)}"] [data-cell="${CSS.escape(column)}"]`);
    const next = right ? beside(now, down, right) : null;
    now.focus();
    if (next) {
      next.focus();
      await open(next);
      if (editor && !editor.elements.version) close().focus(); // Enter says why
    }
  }

  document.addEventListener("paste", (event) => {
    const cell = document.activeElement?.matches?.("[data-cell]") ? document.activeElement : null;
    const block = cell && event.clipboardData.getData("text/plain");
    if (!block) return;
    event.preventDefault();
    paste(cell, linesOf(block));
  });

  async function paste(cell, lines) {
    const rows = rowsShown();
    const first = rows.indexOf(cell.closest("tr"));
    const left = cellsOf(rows[first]).indexOf(cell);
    const asked = lines.slice(0, rows.length - first).map((line, down) => {
      const row = rows[first + down];
      const codes = cellsOf(row).slice(left).map((one) => one.dataset.cell);
      const cells = Object.fromEntries(line.slice(0, codes.length).map((text, right) => [codes[right], text]));
      return { identifier: row.dataset.product, version: Number(row.dataset.version), below: row.dataset.below || "", cells };
    });
    const [sku, column] = [cell.closest("tr").dataset.product, cell.dataset.cell];
    await change(asked);
    table.querySelector(`tr[data-product="${CSS.escape(sku)}"] [data-cell="${CSS.escape(column)}"]`)?.focus();
  }

  async function change(rows) {
    const said = await send(table.dataset.edits, JSON.stringify({ rows }));
    if (said) show(said);
  }

  // What the hub says to a change; null where it was not done, which is said.
  async function send(address, body) {
    const headers = { "HX-Request": "true", "X-CSRFToken": token() };
    if (typeof body === "string") headers["Content-Type"] = "application/json";
    try {
      const answer = await fetch(address, { method: "POST", body, headers });
      if (answer.ok) return await answer.json();
      if (answer.headers.has("HX-Retarget")) toasts().append(...parsed(await answer.text()).body.children);
      else tell([400, 401].includes(answer.status) ? "unsaved" : "offline");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      tell("offline"); // what fetch throws without a connection
    }
    return null;
  }

  function show({ rows, refused, said, undo }) {
    for (const [sku, html] of Object.entries(rows)) {
      const old = table.querySelector(`tr[data-product="${CSS.escape(sku)}"]`);
      const row = parsed(`<table>${html}</table>`).querySelector("tr");
      if (!old || !row) continue;
      const [box, chevron] = ["[data-select]", "[data-expand]"].map((one) => [old.querySelector(one), row.querySelector(one)]);
      if (box[0]) box[1].checked = box[0].checked;
      if (chevron[0]) chevron[1].replaceWith(chevron[0]);
      old.replaceWith(row);
      htmx.process(row);
    }
    for (const { identifier, column, why } of refused) {
      const cell = table.querySelector(`tr[data-product="${CSS.escape(identifier)}"] [data-cell="${CSS.escape(column)}"]`);
      if (!cell) continue;
      cell.classList.add("is-refused");
      cell.title = why;
      const words = document.createElement("span");
      words.className = "cell-refusal";
      words.textContent = why;
      cell.append(words);
    }
    toasts().querySelectorAll("[data-cell-undo]").forEach((one) => one.closest("[data-note]").remove());
    if (refused.length) toasts().append(document.getElementById("cell-warning").content.cloneNode(true));
    if (said) offerUndo(said, undo);
  }

  function offerUndo(said, undo) {
    const note = document.getElementById("cell-note").content.firstElementChild.cloneNode(true);
    note.querySelector("span").textContent = said;
    const rows = undo.map((one) => ({ ...one, below: table.querySelector(`tr[data-product="${CSS.escape(one.identifier)}"]`)?.dataset.below || "" }));
    note.querySelector("[data-cell-undo]").addEventListener("click", () => {
      note.remove();
      change(rows);
    });
    toasts().append(note);
  }

  const toasts = () => document.getElementById("toasts");
  const tell = (name) => toasts().append(document.getElementById(`tell-${name}`).content.cloneNode(true));
  document.querySelector(".list-frame").addEventListener("scroll", () => editor && put());
}
