// A list as one text, as the server writes and reads it: commas between the items, and double quotes around one that has a
// comma or a quote in it.

// Each item as it is spelled in the text.
export const itemsOf = (text) =>
  [...text.matchAll(/(?:^|,)\s*("(?:[^"]|"")*"(?=\s*(?:,|$))|[^,]*)/g)].map((found) => found[1].trim()).filter(Boolean);

export const spelledItem = (plain) => (/[",]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain);

export const plainItem = (spelled) =>
  spelled.length > 1 && spelled.startsWith('"') ? spelled.slice(1, -1).replaceAll('""', '"') : spelled;
