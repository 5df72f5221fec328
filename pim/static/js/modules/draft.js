
// What was typed and is not saved, kept in this browser for one person and one product: it outlives a crash, a restart and
// the end of a session, and is offered when the product is opened again. Two tabs share it, each with the fields of its own.

const addressOf = (field) => field.querySelector("[name^='was-']").name.slice("was-".length);
const fieldOf = (address) => document.getElementsByName(`was-${address}`)[0]?.closest("[data-field]");

export class Draft {
  constructor(form) {
    this.form = form;
    this.key = `draft ${document.body.dataset.person} ${form.dataset.values}`;
    this.mine = new Set(); // addresses that were typed in this tab
    form.addEventListener("etalage:saved", () => this.drop([...this.mine]));
  }

  // Keeps what the fields hold, of those that were changed. elsewhere: addresses of what goes along from another language, kept
  // when it was typed.
  keep(fields, elsewhere) {
    const changed = fields.filter((field) => field.classList.contains("is-changed"));
    const addresses = [...changed.map(addressOf), ...elsewhere];
    const entries = this.read();
    for (const address of this.mine) if (!addresses.includes(address)) delete entries[address];
    changed.forEach((field) => (entries[addressOf(field)] = this.entry(field)));
    this.mine = new Set(addresses);
    this.write(entries);
  }

  entry(field) {
    return { typed: typedIn(field), at: Date.now(), version: this.form.elements.version.value, page: location.href };
  }

  // Says what was typed before and neither is on the page nor goes along with it, with buttons to put it back or to throw it
  // away.
  offer() {
    const entries = this.read();
    const others = Object.keys(entries).filter((address) => !this.mine.has(address));
    const waiting = others.filter((address) => isLost(address, entries[address]));
    this.drop(others.filter((address) => !waiting.includes(address)));
    const note = this.form.querySelector("[data-draft]");
    if (!note || !waiting.length) return;
    const here = waiting.filter(fieldOf);
    const latest = entries[waiting.at(-1)];
    const names = here.map((address) => fieldOf(address).querySelector(".form-label").textContent).join(", ");
    const when = new Date(latest.at).toLocaleString(document.body.dataset.dates, { dateStyle: "medium", timeStyle: "short", timeZone: document.body.dataset.zone });
    note.querySelector("[data-draft-here]").textContent = (here.length ? note.dataset.here : note.dataset.elsewhere)
      .replace("{when}", when)
      .replace("{names}", names);
    const [take, go, drop] = ["take", "go", "drop"].map((name) => note.querySelector(`[data-draft-${name}]`));
    take.hidden = !here.length;
    go.hidden = Boolean(here.length);
    go.href = latest.page;
    take.addEventListener("click", () => this.take(here, note));
    drop.addEventListener("click", () => {
      this.drop(waiting);
      note.hidden = true;
    });
    note.hidden = false;
  }

  // The version goes back as well: what somebody else made of these values since is shown as a conflict.
  take(addresses, note) {
    const entries = this.read();
    const versions = addresses.map((address) => Number(entries[address].version));
    this.form.elements.version.value = Math.min(Number(this.form.elements.version.value), ...versions);
    addresses.forEach((address) => putBack(fieldOf(address), entries[address].typed));
    note.hidden = true;
    this.form.dispatchEvent(new Event("change", { bubbles: true }));
  }

  drop(addresses) {
    const entries = this.read();
    addresses.forEach((address) => delete entries[address]);
    this.write(entries);
  }

  read() {
    return JSON.parse(localStorage.getItem(this.key) || "{}");
  }

  write(entries) {
    if (!Object.keys(entries).length) return localStorage.removeItem(this.key);
    try {
      localStorage.setItem(this.key, JSON.stringify(entries));
    } catch {
      // The browser's room is full: the page itself still has everything.
    }
  }
}

// Whether a value was typed that the page does not show, in this scope or in another one.
function isLost(address, entry) {
  const field = fieldOf(address);
  if (field) return JSON.stringify(typedIn(field)) !== JSON.stringify(entry.typed);
  return true;
}

// The controls of a field as they stand; of pictures the list itself, which knows those that were just sent.
export function typedIn(field) {
  const pictures = field.querySelector(".asset-list");
  if (pictures) return [[...pictures.children].map(pictureAlone)];
  return [...field.querySelectorAll("[name^='value-']")].map((control) =>
    control.multiple ? [...control.selectedOptions].map((option) => option.value) : control.value,
  );
}

// A picture of the list without its own texts: these are saved by themselves, and are no value of the product.
function pictureAlone(item) {
  const alone = item.cloneNode(true);
  alone.querySelector(".picture-texts")?.remove();
  alone.draggable = true;
  return alone.outerHTML.trim();
}

export function putBack(field, values) {
  const pictures = field.querySelector(".asset-list");
  if (pictures) {
    const codeOf = (one) => one.querySelector("[name]").value;
    const here = new Map([...pictures.children].map((one) => [codeOf(one), one]));
    const drawn = new DOMParser().parseFromString(values[0].join(""), "text/html").body.children;
    pictures.replaceChildren(...[...drawn].map((one) => here.get(codeOf(one)) ?? one));
    return;
  }
  field.querySelectorAll("[name^='value-']").forEach((control, number) => put(control, values[number]));
}

function put(control, value) {
  if (control.tomselect) control.tomselect.setValue(value);
  else control.value = value;
  control.dispatchEvent(new Event("etalage:put"));
}
