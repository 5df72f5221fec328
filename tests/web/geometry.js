// What is wrong with the geometry of a page as it stands: two things over each other, text that is cut off, a focus that is
// covered. Gives sentences.

() => {
  const THINGS = "a, button, select, input:not([type=hidden]), textarea, h1, h2, h3, .form-label, .where, .tag, .under > span, .note, .lead-line";
  const APART = "#toasts, .skip-link, .visually-hidden, .ts-hidden-accessible, dialog";
  const name = (one) => `<${one.localName}> ${(one.innerText || one.ariaLabel || one.name || one.className).trim().slice(0, 40)}`;
  const shown = (one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest(APART) && one.getClientRects().length;

  // The part of an element that its scrolling and cutting ancestors leave.
  const seen = (one) => {
    let { left, right, top, bottom } = one.getBoundingClientRect();
    const { clipPath } = getComputedStyle(one);
    if (clipPath !== "none") return { left, right: left, top, bottom: top };
    for (let above = one.parentElement; above; above = above.parentElement) {
      if (getComputedStyle(above).overflow === "visible") continue;
      const box = above.getBoundingClientRect();
      [left, right] = [Math.max(left, box.left), Math.min(right, box.right)];
      [top, bottom] = [Math.max(top, box.top), Math.min(bottom, box.bottom)];
    }
    return { left, right, top, bottom };
  };
  const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;

  // A head that stays in view lies over what is scrolled away below it: everything is looked at from its beginning.
  document.querySelectorAll(".list-frame").forEach((one) => one.scrollTo(0, 0));
  const things = [...document.querySelectorAll(THINGS)].filter(shown).map((one) => ({ one, box: seen(one) }));
  const wrong = [];
  for (const use of document.querySelectorAll("use")) {
    if (!document.querySelector(use.getAttribute("href"))) wrong.push(`an icon that the page does not draw: ${use.getAttribute("href")}`);
  }
  things.forEach((a, place) => {
    for (const b of things.slice(place + 1)) {
      if (a.one.contains(b.one) || b.one.contains(a.one) || a.one.control === b.one || b.one.control === a.one) continue;
      if (meet(a.box, b.box)) wrong.push(`${name(a.one)} and ${name(b.one)} overlap`);
    }
  });

  const brush = document.createElement("canvas").getContext("2d");
  for (const { one } of things) {
    const style = getComputedStyle(one);
    const box = one.getBoundingClientRect();
    const isScrolled = one.closest(".table-responsive, .product-tabs");
    if (!isScrolled && box.right > document.documentElement.clientWidth + 1) wrong.push(`${name(one)} leaves the window`);
    if (one.localName === "select" && !one.multiple) {
      brush.font = style.font;
      const room = one.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
      const text = one.selectedOptions[0]?.text || "";
      if (brush.measureText(text).width > room + 2 && style.textOverflow !== "ellipsis") wrong.push(`the choice “${text}” is cut off`);
    }
    if (one.matches(".where") && one.clientWidth > 1 && one.scrollWidth > one.clientWidth + 1) wrong.push(`${name(one)} is cut off`);
    if (["button", "a"].includes(one.localName) && style.overflow !== "visible" && one.scrollWidth > one.clientWidth + 1 && style.textOverflow !== "ellipsis") {
      wrong.push(`${name(one)} is cut off`);
    }
  }
  if (document.documentElement.scrollWidth > document.documentElement.clientWidth) wrong.push("the page scrolls sideways");

  const header = [...document.querySelectorAll(".product-head, .product-bar")].find((one) => one.getClientRects().length);
  for (const one of document.querySelectorAll(".product-main :is(input:not([type=hidden]), select, textarea, .rich-area)")) {
    if (!shown(one) || !header) continue;
    window.scrollTo(0, one.getBoundingClientRect().bottom + window.scrollY); // from below, where the header would cover it
    one.focus();
    if (one.getBoundingClientRect().top < header.getBoundingClientRect().bottom) wrong.push(`${name(one)} has the focus behind the header`);
  }

  // Whatever the keyboard comes to can be seen: no bar lies over all of it. What is wider than its place shows a part only.
  const STOPS = "main :is(a[href], button, summary, select, textarea, input:not([type=hidden], [type=file]))";
  for (const one of document.querySelectorAll(STOPS)) {
    if (!shown(one) || one.disabled) continue;
    document.activeElement?.blur(); // what has the focus already is not brought into view again
    window.scrollTo(0, 0);
    one.focus();
    if (document.activeElement !== one) continue;
    const over = [...one.getClientRects()].flatMap((line) => [4, line.width / 2, line.width - 4].map((far) =>
      document.elementFromPoint(line.left + far, line.top + Math.min(line.height / 2, 20))));
    const isSeen = (top) => top && (one.contains(top) || top.contains(one) || [...(one.labels || [])].some((label) => label.contains(top)));
    if (!over.some(isSeen)) wrong.push(`${name(one)} has the focus under ${over.map((top) => (top ? name(top) : "the edge")).join(", ")}`);
  }
  window.scrollTo(0, 0);
  return wrong;
}
