// Rich text: an editor over the text field with its HTML. The field stays the truth; it changes only when somebody types.

// command, sign on the button, data attribute with its name
const TOOLS = [
  ["bold", "B", "bold"], ["italic", "I", "italic"], ["formatBlock:h3", "H", "heading"], ["formatBlock:p", "¶", "paragraph"],
  ["insertUnorderedList", "•", "list"], ["insertOrderedList", "1.", "numbers"], ["removeFormat", "⌫", "plain"],
];

function overlay(box) {
  const source = box.querySelector(".rich-source");
  const area = document.createElement("div");
  area.className = "rich-area";
  area.contentEditable = "true";
  area.setAttribute("role", "textbox");
  area.setAttribute("aria-multiline", "true");
  area.setAttribute("aria-label", source.labels[0].textContent);
  area.lang = source.lang;
  area.innerHTML = source.value;
  area.addEventListener("input", () => {
    source.value = area.textContent.trim() || area.querySelector("img") ? area.innerHTML : "";
    source.dispatchEvent(new Event("input", { bubbles: true }));
  });
  source.addEventListener("etalage:put", () => (area.innerHTML = source.value));
  source.labels[0].addEventListener("click", () => area.focus());
  source.before(toolbar(area, source), area);
  source.hidden = true;
}

function toolbar(area, source) {
  const bar = document.createElement("div");
  bar.className = "rich-tools";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", source.labels[0].textContent);
  bar.append(...TOOLS.map(([command, sign, name]) => tool(sign, source.parentElement.dataset[name], () => format(area, command))));
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

function format(area, command) {
  const [name, value] = command.split(":");
  area.focus();
  document.execCommand(name, false, value);
}

const prepare = () => document.querySelectorAll("[data-rich]").forEach(overlay);
prepare();
document.addEventListener("etalage:shown", prepare);
