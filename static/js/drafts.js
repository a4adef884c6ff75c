// Drafts that save themselves: at once in this browser, two seconds after the last change on the server.
// <form data-draft-key="idea" data-autosave="/drafts" …> with a `.saved` line on the page; without an address only locally.
// A kept text that differs from what the form shows is offered above it (#kept-text in layouts/base.html).

const PAUSE = 2000;

const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

const kept = new WeakSet();
const offered = new WeakMap();

keepAll();
document.body.addEventListener("htmx:afterSettle", keepAll);

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
  form.addEventListener("submit", () => {
    clearTimeout(waiting);
    if (!form.hasAttribute("hx-post")) quietly(() => sessionStorage.setItem("sent-draft", form.dataset.draftKey));
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.target === form && event.detail.successful) quietly(() => localStorage.removeItem(store));
  });
}

// With data-kept-too a hidden field goes along: which version of a text somebody began with.
function texts(form) {
  const typed = (field) => field.matches("textarea, select, [data-kept-too]") || ["text", "url", "date", "number"].includes(field.type);
  return [...form.elements].filter((field) => field.name && typed(field));
}

// What is still on offer is kept beside what is typed meanwhile.
function remember(form, store) {
  const fields = Object.fromEntries(texts(form).map((field) => [field.name, field.value]));
  const copy = { token: form.elements.draft_token?.value, fields, at: Date.now(), earlier: offered.get(form) };
  quietly(() => localStorage.setItem(store, JSON.stringify(copy)));
}

// Into empty fields the browser's copy goes by itself; where the page shows another text, people choose.
function restore(form, store, line) {
  quietly(() => {
    const copy = JSON.parse(localStorage.getItem(store) ?? "null");
    if (!copy) return;
    const different = differing(form, copy);
    if (different.some((field) => field.value)) return offer(form, store, line, [copy, copy.earlier]);
    if (!different.length) return copy.earlier && offer(form, store, line, [copy.earlier]);
    fill(form, copy, different);
    say(line, line.dataset.restored);
  });
}

// The texts in which a copy says something else than the form; what the server tidies up makes no difference.
function differing(form, copy) {
  const tidy = (text) => text.normalize("NFC").replace(/\s+/g, " ").trim();
  return texts(form).filter(
    (field) => field.matches("textarea, input:not([type=hidden])") && field.name in copy.fields && tidy(copy.fields[field.name]) !== tidy(field.value),
  );
}

function fill(form, copy, fields) {
  for (const field of fields) field.value = copy.fields[field.name];
  if (copy.token && !form.elements.draft_token?.value) takeToken(form, copy.token);
}

// The first of these copies that differs, in a notice above the form; after "no" the next one.
function offer(form, store, line, copies) {
  const [copy, ...others] = copies.filter((one) => one && differing(form, one).length);
  const template = document.getElementById("kept-text");
  if (!copy || !template) return;
  const notice = template.content.firstElementChild.cloneNode(true);
  const words = notice.querySelector("[data-text]");
  offered.set(form, { ...copy, earlier: undefined });
  form.before(notice);
  say(words, words.dataset.text.replace("{date}", when(copy, { day: "numeric", month: "long" })).replace("{time}", when(copy, CLOCK)));
  notice.addEventListener("click", (event) => {
    const choice = event.target.closest("button")?.value;
    if (!choice) return;
    notice.remove();
    offered.delete(form);
    if (choice === "take") take(form, copy, line);
    else drop(form, store, line, others);
  });
}

function take(form, copy, line) {
  const different = differing(form, copy);
  const others = texts(form).filter((field) => field.matches("select, [data-kept-too]") && field.name in copy.fields);
  fill(form, copy, [...different, ...others.filter((field) => field.tagName !== "SELECT" || offers(field, copy.fields[field.name]))]);
  for (const field of different) field.dispatchEvent(new Event("input", { bubbles: true })); // previews, counters, the draft itself
  different[0]?.focus();
  say(line, line.dataset.restored);
}

function drop(form, store, line, others) {
  if (texts(form).some((field) => field.value !== (field.defaultValue ?? field.value))) remember(form, store);
  else quietly(() => (others.length ? localStorage.setItem(store, JSON.stringify(others[0])) : localStorage.removeItem(store)));
  texts(form).find((field) => field.type !== "hidden")?.focus();
  offer(form, store, line, others);
}

function offers(select, value) {
  return [...select.options].some((option) => option.value === value);
}

function when(copy, format) {
  return new Date(copy.at ?? Date.now()).toLocaleString(document.documentElement.lang, format);
}

async function save(form, line) {
  const time = when({}, CLOCK);
  if (!form.dataset.autosave) return say(line, line.dataset.kept?.replace("{time}", time));
  const body = new FormData(form);
  for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
  body.set("form_address", new URL(form.action).pathname);
  try {
    const answer = await fetch(form.dataset.autosave, { method: "POST", body, headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status);
    const token = (await answer.json().catch(() => ({}))).draft_token;
    if (token) takeToken(form, token);
    remember(form, `draft:${form.dataset.draftKey}`);
    say(line, line.dataset.saved?.replace("{time}", time));
  } catch {
    say(line, line.dataset.kept?.replace("{time}", time));
  }
}

function takeToken(form, token) {
  let field = form.elements.draft_token;
  if (!field) {
    field = Object.assign(document.createElement("input"), { type: "hidden", name: "draft_token" });
    form.append(field);
  }
  field.value = token;
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
