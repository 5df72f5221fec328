// A table of two columns, which value becomes which, that is filled like a sheet: Enter and the arrows go from line to line, a
// block copied in a spreadsheet is pasted over its lines, and there is always one more line to type into.

import { linesOf } from "./pasted.js";

export function prepareValueTable(table) {
  const body = table.querySelector("tbody");
  const blank = body.lastElementChild.cloneNode(true);
  blank.querySelectorAll("input").forEach((input) => input.setAttribute("value", ""));

  const place = (input) => [[...body.rows].indexOf(input.closest("tr")), input.closest("td").cellIndex];
  const inputAt = (line, column) => body.rows[line]?.cells[column]?.querySelector("input");
  const addLine = () => body.append(blank.cloneNode(true));
  const isBlank = (row) => [...row.querySelectorAll("input")].every((input) => input.value === "");
  const keepOneToTypeInto = () => isBlank(body.lastElementChild) || addLine();

  body.addEventListener("input", keepOneToTypeInto);
  body.addEventListener("keydown", (event) => {
    const down = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    // Where options are offered, the arrows choose among them.
    if (!down || (event.key !== "Enter" && event.target.list)) return;
    event.preventDefault(); // Enter would send the form
    const [line, column] = place(event.target);
    inputAt(line + down, column)?.focus();
  });
  body.addEventListener("paste", (event) => {
    const lines = linesOf(event.clipboardData.getData("text/plain"));
    if (lines.length < 2 && lines[0].length < 2) return; // one cell is pasted as text is
    event.preventDefault();
    const [first, left] = place(event.target);
    lines.forEach((cells, down) => {
      if (!body.rows[first + down]) addLine();
      cells.forEach((text, right) => {
        const input = inputAt(first + down, left + right);
        if (input) input.value = text.trim();
      });
    });
    keepOneToTypeInto();
  });
}
