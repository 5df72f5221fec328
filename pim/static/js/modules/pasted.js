// What was copied in a spreadsheet: its lines, and the cells of each.

export const linesOf = (text) => text.replace(/\r?\n$/, "").split(/\r?\n/).map((line) => line.split("\t"));
