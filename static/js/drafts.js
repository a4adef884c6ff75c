// Drafts that save themselves: at once in this browser, two seconds after the last change on the server.
// <form data-draft-key="idea" data-autosave="/drafts" …> with a `.saved` line on the page; without an address only locally.
// A kept text that differs from what the form shows is offered above it (#kept-text in layouts/base.html); where another
// tab has changed the same draft meanwhile, people choose (#other-tab there). A form is only sent when the server answers.

const PAUSE = 2000;
const PATIENCE = 8000;

const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const LIVES = "/healthz";

const kept = new WeakSet();
const offered = new WeakMap();
const saving = new WeakMap();
const asking = new WeakSet();
const mayGo = new WeakSet();
const tab = ownName();

keepAll();
document.body.addEventListener("htmx:afterSettle", keepAll);
document.body.addEventListener("htmx:afterSettle", (event) => {
  const form = event.target.closest?.("form[data-draft-key]"); // rows of pictures that came anew belong to the draft
  if (form && kept.has(form)) form.dispatchEvent(new Event("input"));
});

function keepAll() {
  for (const form of document.querySelectorAll("form[data-draft-key]")) if (!kept.has(form)) keep(form);
}

function keep(form) {
  const line = document.querySelector(".saved") ?? document.createElement("p");
  const store = `draft:${form.dataset.draftKey}`;
  let waiting;
  kept.add(form);
  restore(form, store, line);
  form.addEventListener("input", () => {
    remember(form, store);
    clearTimeout(waiting);
    waiting = setTimeout(() => save(form, line), PAUSE);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(waiting);
    if (form.hasAttribute("hx-post")) return;
    if (!mayGo.delete(form)) return holdUntilAnswered(form, event);
    quietly(() => sessionStorage.setItem("sent-draft", form.dataset.draftKey));
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.target === form && event.detail.successful) quietly(() => localStorage.removeItem(store));
  });
}

// Without a server the browser would put an error page in the place of the text. It is asked first.
async function holdUntilAnswered(form, event) {
  event.preventDefault();
  if (asking.has(form)) return;
  asking.add(form);
  remember(form, `draft:${form.dataset.draftKey}`);
  event.submitter?.setAttribute("aria-busy", "true");
  try {
    await Promise.race([saving.get(form), pause(PATIENCE)]);
    const answer = await fetch(LIVES, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    if (!answer.ok) throw new Error(answer.status);
    mayGo.add(form);
    form.requestSubmit(event.submitter);
  } catch {
    document.body.dispatchEvent(new CustomEvent("draft:unsent"));
  } finally {
    asking.delete(form);
    mayGo.delete(form); // a form that is not valid did not go
    if (!form.dataset.sending) event.submitter?.removeAttribute("aria-busy");
  }
}

// What a person fills in: texts and choices, but no files. With data-kept-too a hidden field goes along: which version
// of a text somebody began with.
function controls(form) {
  const passive = ["hidden", "file", "submit", "button", "image", "reset", "password"];
  return [...form.elements].filter(
    (field) => field.name && (field.matches("[data-kept-too]") || (field.matches("input, textarea, select") && !passive.includes(field.type))),
  );
}

// Each name's values: of boxes those that are ticked, of a list those that are chosen.
function state(form) {
  const values = {};
  for (const field of controls(form)) {
    const own = (values[field.name] ??= []);
    if (field.matches("[type=radio], [type=checkbox]")) field.checked && own.push(field.value);
    else if (field.matches("select")) own.push(...[...field.selectedOptions].map((option) => option.value));
    else own.push(field.value);
  }
  return values;
}

// What is still on offer, and what another tab typed, is kept beside what is typed here.
function remember(form, store) {
  quietly(() => {
    const before = JSON.parse(localStorage.getItem(store) ?? "null");
    const foreign = before && (before.tab !== tab ? before : before.earlier?.tab !== tab ? before.earlier : null);
    const earlier = offered.get(form) ?? (foreign && differing(form, foreign).length ? { ...foreign, earlier: undefined } : undefined);
    const copy = { token: form.elements.draft_token?.value, fields: state(form), at: Date.now(), tab, earlier, ...here() };
    localStorage.setItem(store, JSON.stringify(copy));
  });
}

// Where the text is gone on with, for the page one sees without a connection (offline.js).
function here() {
  return { page: location.pathname + location.search, name: document.title.split(" – ")[0] };
}

// Into empty fields the browser's copy goes by itself; where the page says something else, people choose.
function restore(form, store, line) {
  quietly(() => {
    const copy = JSON.parse(localStorage.getItem(store) ?? "null");
    if (!copy) return;
    const shown = state(form);
    const different = differing(form, copy);
    const written = different.filter((name) => isText(form, name));
    const isSaid = (name) => shown[name].some(Boolean);
    if ((written.length ? written : different).some(isSaid)) return offer(form, store, line, [copy, copy.earlier]);
    if (!different.length) return copy.earlier && offer(form, store, line, [copy.earlier]);
    fill(form, copy, different.filter((name) => !isSaid(name)));
    say(line, line.dataset.restored);
  });
}

// The names for which a copy says something else than the form; what the server tidies up makes no difference.
function differing(form, copy) {
  const tidy = (values) => [values].flat().map((text) => text.normalize("NFC").replace(/\s+/g, " ").trim()).join("\n");
  const shown = state(form);
  const hidden = new Set(controls(form).filter((field) => field.type === "hidden").map((field) => field.name));
  return Object.keys(shown).filter((name) => !hidden.has(name) && name in copy.fields && tidy(copy.fields[name]) !== tidy(shown[name]));
}

function isText(form, name) {
  return controls(form).some((field) => field.name === name && !field.matches("select, [type=radio], [type=checkbox]"));
}

function fill(form, copy, names) {
  for (const name of names) {
    const values = [copy.fields[name]].flat();
    for (const field of controls(form).filter((one) => one.name === name)) {
      if (field.matches("[type=radio], [type=checkbox]")) field.checked = values.includes(field.value);
      else if (field.matches("select[multiple]")) for (const option of field.options) option.selected = values.includes(option.value);
      else if (!field.matches("select") || offers(field, values[0])) field.value = values.shift() ?? "";
    }
  }
  if (copy.token && !form.elements.draft_token?.value) takeToken(form, copy.token);
}

function offers(select, value) {
  return [...select.options].some((option) => option.value === value);
}

// The first of these copies that differs, in a notice above the form; after "no" the next one.
function offer(form, store, line, copies) {
  const [copy, ...others] = copies.filter((one) => one && differing(form, one).length);
  const template = document.getElementById("kept-text");
  if (!copy || !template) return;
  offered.set(form, { ...copy, earlier: undefined });
  const words = (text) => text.replace("{date}", when(copy, { day: "numeric", month: "long" })).replace("{time}", when(copy, CLOCK));
  ask(form, template, words, (choice) => {
    offered.delete(form);
    if (choice === "take") take(form, copy, line);
    else drop(form, store, line, others);
  });
}

// A notice above the form with two choices.
function ask(form, template, words, choose) {
  const notice = template.content.firstElementChild.cloneNode(true);
  const line = notice.querySelector("[data-text]");
  form.before(notice);
  say(line, words(line.dataset.text));
  notice.addEventListener("click", (event) => {
    const choice = event.target.closest("button")?.value;
    if (!choice) return;
    notice.remove();
    choose(choice);
  });
}

function take(form, copy, line) {
  const different = differing(form, copy);
  const along = controls(form).filter((field) => field.matches("[data-kept-too]") && field.name in copy.fields);
  fill(form, copy, [...different, ...along.map((field) => field.name)]);
  const fields = controls(form).filter((field) => different.includes(field.name));
  for (const field of fields) field.dispatchEvent(new Event("input", { bubbles: true })); // previews, counters, the draft itself
  fields[0]?.focus();
  say(line, line.dataset.restored);
}

function drop(form, store, line, others) {
  if (controls(form).some((field) => "defaultValue" in field && !field.matches("[type=radio], [type=checkbox]") && field.value !== field.defaultValue)) {
    quietly(() => localStorage.removeItem(store)); // else what was thrown away would come back as another tab's
    remember(form, store);
  } else quietly(() => (others.length ? localStorage.setItem(store, JSON.stringify(others[0])) : localStorage.removeItem(store)));
  controls(form).find((field) => field.type !== "hidden")?.focus();
  offer(form, store, line, others);
}

function when(copy, format) {
  const { lang, dataset } = document.documentElement; // the clock of the place, as in what the server says
  return new Date(copy.at ?? Date.now()).toLocaleString(lang, { ...format, timeZone: dataset.zone });
}

// One after another: the server would take two at once for two tabs.
function save(form, line) {
  const next = (saving.get(form) ?? Promise.resolve()).then(() => send(form, line));
  saving.set(form, next);
  return next;
}

async function send(form, line) {
  const time = when({}, CLOCK);
  if (!form.dataset.autosave) return say(line, line.dataset.kept?.replace("{time}", time));
  const body = new FormData(form);
  for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
  body.set("form_address", new URL(form.getAttribute("action"), location).pathname);
  try {
    const answer = await fetch(form.dataset.autosave, { method: "POST", body, headers: { Accept: "application/json" } });
    if (answer.redirected) return say(line, line.dataset.signedOut);
    if (answer.status === 409) return choose(form, line, await answer.json());
    if (!answer.ok) throw new Error(answer.status);
    const { draft_token: token, page } = await answer.json().catch(() => ({}));
    if (token) takeToken(form, token);
    if (page) stayAt(page);
    remember(form, `draft:${form.dataset.draftKey}`);
    say(line, (form.dataset.parted ? line.dataset.own : line.dataset.saved)?.replace("{time}", time));
  } catch {
    say(line, line.dataset.kept?.replace("{time}", time));
  }
}

// Another tab has changed this draft. Whatever is chosen, what stands here is from now on a draft of its own.
function choose(form, line, { other, saved_at: savedAt }) {
  const template = document.getElementById("other-tab");
  const words = (text) => text.replace("{time}", when({ at: savedAt }, CLOCK));
  form.dataset.parted = "true";
  takeToken(form, "");
  ask(form, template, words, async (choice) => {
    delete form.dataset.parted;
    await save(form, line);
    if (choice === "keep") return controls(form).find((field) => field.type !== "hidden")?.focus();
    if (form.elements.draft_token?.value) quietly(() => localStorage.removeItem(`draft:${form.dataset.draftKey}`));
    location.assign(other);
  });
  return send(form, line);
}

// A reload shows the draft, with its pictures.
function stayAt(page) {
  const target = new URL(page, location);
  if (target.pathname !== location.pathname) return;
  const here = new URL(location);
  here.searchParams.set("draft", target.searchParams.get("draft"));
  history.replaceState(history.state, "", here);
}

function takeToken(form, token) {
  let field = form.elements.draft_token;
  if (!field) {
    field = Object.assign(document.createElement("input"), { type: "hidden", name: "draft_token" });
    form.append(field);
  }
  field.value = token;
}

// The same after a reload, another one in each tab.
function ownName() {
  const fresh = Math.random().toString(36).slice(2);
  try {
    sessionStorage.setItem("tab", sessionStorage.getItem("tab") ?? fresh);
    return sessionStorage.getItem("tab");
  } catch {
    return fresh;
  }
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function say(line, words) {
  if (words) line.textContent = words;
}

function quietly(act) {
  try {
    act();
  } catch {
    // Storage may be switched off or full; the server still keeps the draft.
  }
}
