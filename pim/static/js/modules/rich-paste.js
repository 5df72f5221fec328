// What is pasted into a rich text, without what programs such as Word put around it: headings, lists, bold, links and tables
// stay. The server cleans it again whatever happens here.

const KEPT = new Set(["A", "B", "BLOCKQUOTE", "BR", "EM", "H1", "H2", "H3", "H4", "H5", "H6", "I", "LI", "OL", "P", "STRONG", "SUB", "SUP", "TABLE", "TBODY", "TD", "TFOOT", "TH", "THEAD", "TR", "U", "UL"]);
const GONE = "script, style, meta, link, title, xml, template, iframe, object, head";
const ATTRIBUTES = { A: ["href"], TD: ["colspan", "rowspan"], TH: ["colspan", "rowspan", "scope"], OL: ["start"] };
const ADDRESS = /^(https?:|mailto:|tel:|\/)/i;

// The clean HTML of something that was copied.
export function cleaned(html) {
  const page = new DOMParser().parseFromString(withoutStyles(html), "text/html");
  page.querySelectorAll(GONE).forEach((one) => one.remove());
  dropComments(page.body);
  makeLists(page.body);
  keepBold(page.body);
  [...page.body.querySelectorAll("*")].reverse().forEach(keepOrUnwrap);
  page.body.querySelectorAll("p, li").forEach((one) => one.textContent.trim() || one.querySelector("br, table") || one.remove());
  return page.body.innerHTML.replace(/[\r\n\t ]+/g, " ").trim();
}

// The page's policy forbids styles and handlers, even in a document that nobody sees: what a style says is read from another
// attribute.
const withoutStyles = (html) =>
  html.replace(/<style[\s\S]*?<\/style>/gi, "").replace(/\sstyle\s*=/gi, " data-style=").replace(/\son[a-z]+\s*=/gi, " data-handler=");
const styleOf = (one) => one.dataset?.style || "";

function dropComments(body) {
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_COMMENT);
  const comments = [];
  while (walker.nextNode()) comments.push(walker.currentNode);
  comments.forEach((one) => one.remove());
}

// Word writes the items of a list as paragraphs with a sign in front, and says their depth in a style of its own.
function makeLists(body) {
  let open = []; // the lists from the outermost to the one that is filled
  for (const one of [...body.querySelectorAll("p")]) {
    const found = /mso-list:[^;"]*\blevel(\d+)/i.exec(styleOf(one));
    if (!found || (open.length && !isNext(open[0], one))) open = [];
    if (found) open = addItem(one, Number(found[1]), open);
  }
}

// Whether a paragraph stands right behind a list.
function isNext(list, paragraph) {
  return list.nextElementSibling === paragraph;
}

function addItem(paragraph, level, open) {
  const lists = open.slice(0, level);
  while (lists.length < level) {
    const list = document.createElement(isNumbered(paragraph) ? "ol" : "ul");
    const above = lists.at(-1);
    if (!above) paragraph.before(list);
    else (above.lastElementChild || above.appendChild(document.createElement("li"))).append(list);
    lists.push(list);
  }
  const item = document.createElement("li");
  paragraph.querySelectorAll("[data-style*='mso-list:Ignore' i], [data-style*='mso-list: Ignore' i]").forEach((sign) => sign.remove());
  item.append(...paragraph.childNodes);
  lists.at(-1).append(item);
  paragraph.remove();
  return lists;
}

const isNumbered = (paragraph) => /^\s*\(?[0-9a-z]{1,3}[.)]/i.test(paragraph.textContent);

// Programs say bold and italic in styles as often as in tags.
function keepBold(body) {
  body.querySelectorAll("span[data-style]").forEach((span) => {
    if (/(^|[;\s])font-weight:\s*(bold|[6-9]00)/i.test(styleOf(span))) wrap(span, "strong");
    if (/(^|[;\s])font-style:\s*italic/i.test(styleOf(span))) wrap(span, "em");
  });
}

function wrap(one, tag) {
  const around = document.createElement(tag);
  around.append(...one.childNodes);
  one.append(around);
}

function keepOrUnwrap(one) {
  // A program that puts everything into one <b> of normal weight means nothing by it.
  const isSham = one.tagName === "B" && /(^|[;\s])font-weight:\s*normal/i.test(styleOf(one));
  if (one.tagName === "DIV" && !one.querySelector("p, div, ul, ol, table, h1, h2, h3, h4, h5, h6")) return renamed(one, "p");
  if (!KEPT.has(one.tagName) || isSham || (one.tagName === "A" && !ADDRESS.test(one.getAttribute("href") || ""))) return one.replaceWith(...one.childNodes);
  for (const { name } of [...one.attributes]) if (!(ATTRIBUTES[one.tagName] || []).includes(name)) one.removeAttribute(name);
}

function renamed(one, tag) {
  const other = document.createElement(tag);
  other.append(...one.childNodes);
  one.replaceWith(other);
}
