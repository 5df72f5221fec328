// Tables in a rich text: putting one in, walking through its cells by Tab, rows and columns more and less.

export const NEW_TABLE = "<table><tbody><tr><td><br></td><td><br></td></tr><tr><td><br></td><td><br></td></tr></tbody></table><p><br></p>";

const cellHere = () => {
  const { anchorNode } = document.getSelection();
  return (anchorNode?.nodeType === Node.ELEMENT_NODE ? anchorNode : anchorNode?.parentElement)?.closest(".rich-area td, .rich-area th");
};
export const isInTable = () => Boolean(cellHere());

function emptyCell(tag) {
  const cell = document.createElement(tag);
  cell.append(document.createElement("br"));
  return cell;
}

function addRow(row) {
  const added = document.createElement("tr");
  added.append(...[...row.cells].map(() => emptyCell("td")));
  row.after(added);
  return added;
}

// What a button of the toolbar does to the table that one is in.
export function change(what) {
  const cell = cellHere();
  if (!cell) return;
  const [row, place] = [cell.parentElement, cell.cellIndex];
  const table = cell.closest("table");
  if (what === "add-row") goTo(addRow(row).cells[place]);
  if (what === "add-column") for (const one of table.rows) one.cells[Math.min(place, one.cells.length - 1)].after(emptyCell(one.cells[0].localName));
  if (what === "drop-row") table.rows.length > 1 ? row.remove() : table.remove();
  if (what === "drop-column") row.cells.length > 1 ? [...table.rows].forEach((one) => one.cells[place]?.remove()) : table.remove();
}

// Tab goes to the next cell, and behind the last one into a new row. Whether it did.
export function walk(isBack) {
  const cell = cellHere();
  if (!cell) return false;
  const cells = [...cell.closest("table").querySelectorAll("td, th")];
  const next = cells[cells.indexOf(cell) + (isBack ? -1 : 1)];
  if (isBack && !next) return false;
  goTo(next || addRow(cell.parentElement).cells[0]);
  return true;
}

function goTo(cell) {
  document.getSelection().selectAllChildren(cell);
  document.getSelection().collapseToStart();
}
