// Saving without leaving the page: what was typed stays there until the hub has it. Where the session has ended somebody
// signs in again in a layer, and the same save goes on; where the hub does not answer, the page says so and stays as it is.

const STALE = [400, 401]; // the form's token or the session is no longer known
const REFUSED = [409, 422]; // the page comes back with what is wrong, as it does after a trial

// <form data-keep>: saved in place. Whoever prepares parts of a page listens to “etalage:shown” on the document, and
// “etalage:saved” on the form comes before that, once the hub has what was sent.
export async function saveInPlace(form, submitter) {
  if (form.dataset.saving) return;
  form.dataset.saving = "yes";
  const content = document.getElementById("content");
  const focus = rememberFocus(content);
  content.inert = true; // what is typed now would not be in what is sent
  try {
    await show(form, await answered(form, submitter));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    tell("offline"); // what fetch throws without a connection
  } finally {
    delete form.dataset.saving;
    content.inert = false;
    if (!content.querySelector(".is-invalid")) focus();
  }
}

// The hub's answer to a form, after signing in again where the session has ended; null where somebody did not.
export async function answered(form, submitter) {
  const first = await post(form, submitter);
  if (!STALE.includes(first.status)) return first;
  return (await renewSession()) ? post(form, submitter) : null;
}

function post(form, submitter) {
  const target = submitter?.hasAttribute("formaction") ? submitter.formAction : form.action;
  return fetch(target, { method: "POST", body: new FormData(form, submitter), headers: { "HX-Request": "true" } });
}

async function show(form, answer) {
  if (answer === null) return tell("unsaved");
  const target = answer.headers.get("HX-Redirect");
  if (target && answer.ok) return goOn(form, new URL(target, location.href));
  if (answer.headers.has("HX-Retarget")) return toasts().append(...parsed(await answer.text()).body.children);
  if (answer.ok || REFUSED.includes(answer.status)) return swap(parsed(await answer.text()));
  tell("offline");
}

async function goOn(form, target) {
  form.dispatchEvent(new CustomEvent("etalage:saved", { bubbles: true }));
  form.dataset.leaving = "yes";
  if (target.pathname !== location.pathname) return location.assign(target);
  const answer = await fetch(target);
  history.replaceState(history.state, "", target);
  swap(parsed(await answer.text()));
}

// The content of a page in place of this one's: it stays scrolled where it is, and the focus in the same field.
export function swap(page) {
  const content = document.getElementById("content");
  const top = window.scrollY;
  document.title = page.title;
  content.replaceChildren(...page.getElementById("content").childNodes);
  toasts().querySelectorAll(".note-success, .note-info").forEach((note) => note.remove());
  toasts().append(...page.getElementById("toasts").children);
  renewTokens(page.querySelector("meta[name=csrf-token]").content);
  htmx.process(content);
  document.dispatchEvent(new CustomEvent("etalage:shown", { detail: { root: content } }));
  content.inert = false;
  content.querySelector(".is-invalid")?.focus();
  window.scrollTo({ top, behavior: "instant" });
}

// Puts the focus back on what has the same id, into the same field, or on the same button.
function rememberFocus(content) {
  const { activeElement } = document;
  if (!content.contains(activeElement)) return () => {};
  const { id } = activeElement;
  const twin = activeElement.closest("[data-field]")?.querySelector("[name^='was-']").name;
  const isSave = activeElement.matches("[data-save-bar] button");
  const inField = ":is(.rich-area, .ts-control input, input:not([type=hidden]), select, textarea, button):not([hidden], [tabindex='-1'])";
  return () => {
    const same = id ? document.getElementById(id) : null;
    const field = twin && document.getElementsByName(twin)[0]?.closest("[data-field]");
    const button = isSave && document.querySelector("[data-save-bar] button");
    (same || field?.querySelector(inField) || button || null)?.focus({ preventScroll: true });
  };
}

// The page at an address of ours, null where there is none to be had.
export async function askFor(address) {
  try {
    const answer = await fetch(address);
    const page = answer.ok ? parsed(await answer.text()) : null;
    return page?.querySelector("[data-values]") ? page : null;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return null; // what fetch throws without a connection
  }
}

export const parsed = (text) => new DOMParser().parseFromString(text, "text/html");
export const toasts = () => document.getElementById("toasts");
export const tell = (name) => toasts().append(document.getElementById(`tell-${name}`).content.cloneNode(true));

// Whether the person this page was made for is signed in, if need be after signing in again.
async function renewSession() {
  return (await isSamePerson()) || askToSignIn();
}

async function isSamePerson() {
  const session = await (await fetch(document.body.dataset.session)).json();
  renewTokens(session.token);
  return session.person === Number(document.body.dataset.person);
}

function renewTokens(token) {
  document.querySelector("meta[name=csrf-token]").content = token;
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  document.getElementsByName("csrf_token").forEach((input) => (input.value = token));
}

// Resolves to whether it was done: here with a password, or in another tab.
function askToSignIn() {
  const dialog = document.getElementById("sign-in-layer").content.firstElementChild.cloneNode(true);
  const form = dialog.querySelector("form");
  document.body.append(dialog);
  renewTokens(document.querySelector("meta[name=csrf-token]").content);
  const lookAgain = async () => {
    if (await isSamePerson()) dialog.close("done");
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    // A redirect is the answer to whoever is signed in; it is not followed.
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
    dialog.querySelector("[data-wrong]").hidden = answer.type === "opaqueredirect";
    await lookAgain();
  });
  // No button of the form: Enter in the password would press the first of those.
  dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
  window.addEventListener("focus", lookAgain);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      window.removeEventListener("focus", lookAgain);
      dialog.remove();
      resolve(dialog.returnValue === "done");
    });
  });
}
