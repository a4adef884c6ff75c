// Drafts that save themselves: at once in this browser, two seconds after the last change on the server.
// <form data-draft-key="idea" data-autosave="/drafts" …> with a `.saved` line on the page; without an address only locally.

const PAUSE = 2000;

const kept = new WeakSet();

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

function texts(form) {
  return [...form.elements].filter((field) => field.name && (field.matches("textarea, select") || ["text", "url", "date", "number"].includes(field.type)));
}

function remember(form, store) {
  const fields = Object.fromEntries(texts(form).map((field) => [field.name, field.value]));
  quietly(() => localStorage.setItem(store, JSON.stringify({ token: form.elements.draft_token?.value, fields })));
}

// The browser's copy wins only where the server's page knows less.
function restore(form, store, line) {
  quietly(() => {
    const copy = JSON.parse(localStorage.getItem(store) ?? "null");
    if (!copy) return;
    const missing = texts(form).filter((field) => field.tagName !== "SELECT" && copy.fields[field.name] && !field.value);
    for (const field of missing) field.value = copy.fields[field.name];
    if (!missing.length) return;
    if (copy.token && !form.elements.draft_token?.value) takeToken(form, copy.token);
    say(line, line.dataset.restored);
  });
}

async function save(form, line) {
  const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
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
