// Rich text: an editor over the text field with its HTML. The field stays the truth; it changes only when somebody types.
// Undo is the browser's own: what a button or a paste does is taken back by Ctrl+Z like typing.

import { cleaned } from "./rich-paste.js";
import { change, isInTable, NEW_TABLE, walk } from "./rich-table.js";

// command, sign on the button, data attribute with its name
const TOOLS = [
  ["bold", "B", "bold"], ["italic", "I", "italic"], ["formatBlock:h3", "H", "heading"], ["formatBlock:p", "¶", "paragraph"],
  ["insertUnorderedList", "•", "list"], ["insertOrderedList", "1.", "numbers"], ["removeFormat", "⌫", "plain"],
];
const TABLE_TOOLS = [["add-row", "↓+", "addRow"], ["add-column", "→+", "addColumn"], ["drop-row", "↓−", "dropRow"], ["drop-column", "→−", "dropColumn"]];

function overlay(box) {
  const source = box.querySelector(".rich-source");
  const area = document.createElement("div");
  area.className = "rich-area";
  area.contentEditable = "true";
  area.setAttribute("role", "textbox");
  area.setAttribute("aria-multiline", "true");
  area.setAttribute("aria-label", source.labels[0].textContent);
  area.lang = source.lang;
  area.dir = source.dir;
  area.innerHTML = source.value;
  area.addEventListener("input", () => {
    source.value = area.textContent.trim() || area.querySelector("img") ? area.innerHTML : "";
    source.dispatchEvent(new Event("input", { bubbles: true }));
  });
  area.addEventListener("paste", (event) => paste(event));
  source.addEventListener("etalage:put", () => (area.innerHTML = source.value));
  source.labels[0].addEventListener("click", () => area.focus());
  const bar = toolbar(area, source);
  area.addEventListener("keydown", (event) => onKey(event, bar));
  source.before(bar, area);
  source.hidden = true;
}

function toolbar(area, source) {
  const bar = document.createElement("div");
  bar.className = "rich-tools";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", source.labels[0].textContent);
  const words = source.parentElement.dataset;
  bar.append(...TOOLS.map(([command, sign, name]) => tool(sign, words[name], () => format(area, command))));
  bar.append(linkTool(area, words), tool("⊞", words.table, () => format(area, `insertHTML:${NEW_TABLE}`)));
  const ofTable = TABLE_TOOLS.map(([what, sign, name]) => tool(sign, words[name], () => inTable(area, what)));
  bar.append(...ofTable);
  const showTools = () => ofTable.forEach((one) => (one.hidden = !(isInTable() && area.contains(document.getSelection().anchorNode))));
  ["keyup", "mouseup", "focus", "input"].forEach((name) => area.addEventListener(name, showTools));
  showTools();
  const html = tool("</>", "HTML", () => {
    source.hidden = !source.hidden;
    area.hidden = !area.hidden;
    if (source.hidden) area.innerHTML = source.value;
    html.setAttribute("aria-pressed", String(!source.hidden));
  });
  html.classList.add("rich-html");
  bar.append(html);
  return bar;
}

function tool(sign, name, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm";
  button.textContent = sign;
  button.title = name;
  button.setAttribute("aria-label", name);
  button.addEventListener("mousedown", (event) => event.preventDefault()); // keep the selection
  button.addEventListener("click", act);
  return button;
}

// A link: its address is typed into the toolbar, and an empty one takes the link away.
function linkTool(area, words) {
  const part = document.createElement("span");
  part.className = "rich-link";
  const input = document.createElement("input");
  Object.assign(input, { type: "url", className: "form-control", placeholder: "https://", hidden: true });
  input.setAttribute("aria-label", words.address);
  let range = null;
  const close = () => {
    input.hidden = true;
    area.focus();
    document.getSelection().removeAllRanges();
    if (range) document.getSelection().addRange(range);
  };
  const button = tool("↗", words.link, () => {
    const selection = document.getSelection();
    if (!input.hidden) return close();
    range = selection.rangeCount && area.contains(selection.anchorNode) ? selection.getRangeAt(0).cloneRange() : null;
    const link = range?.startContainer.parentElement.closest("a");
    if (link) range.selectNode(link);
    input.value = link?.getAttribute("href") || "";
    input.hidden = false;
    input.focus();
  });
  button.dataset.link = "";
  input.addEventListener("keydown", (event) => {
    if (!["Enter", "Escape"].includes(event.key)) return;
    event.preventDefault();
    close();
    if (event.key === "Enter") link(input.value.trim(), range);
  });
  part.append(button, input);
  return part;
}

function link(address, range) {
  if (!address) return document.execCommand("unlink");
  const whole = /^([a-z]+:|\/)/i.test(address) ? address : `https://${address}`;
  if (range && !range.collapsed) return document.execCommand("createLink", false, whole);
  const made = document.createElement("a");
  made.href = whole;
  made.textContent = address;
  document.execCommand("insertHTML", false, made.outerHTML);
}

function format(area, command) {
  const [name, ...value] = command.split(":");
  area.focus();
  document.execCommand(name, false, value.join(":"));
}

function inTable(area, what) {
  area.focus();
  change(what);
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function paste(event) {
  const html = event.clipboardData.getData("text/html");
  if (!html) return;
  event.preventDefault();
  document.execCommand("insertHTML", false, cleaned(html));
}

function onKey(event, bar) {
  const isCommand = event.ctrlKey || event.metaKey;
  if (event.key === "Tab" && walk(event.shiftKey)) {
    event.preventDefault();
    event.target.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (isCommand && event.key.toLowerCase() === "k") {
    event.preventDefault();
    event.stopPropagation(); // elsewhere it opens the command field
    bar.querySelector("[data-link]").click();
  }
}

export function prepareRichTexts(root) {
  root.querySelectorAll("[data-rich]:not(:has(.rich-area))").forEach(overlay);
}
