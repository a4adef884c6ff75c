// Parts of pages that htmx renews: focus stays where it was or moves to where one goes on, the outcome is said, nothing is
// sent twice; and people learn when the connection is gone, and when it is back. At the end: suggestions under a search.

const said = document.getElementById("said");
const connection = document.getElementById("connection");
let wasInside = false;

document.body.addEventListener("htmx:confirm", holdSecond);
document.body.addEventListener("htmx:beforeRequest", markBusy);
document.body.addEventListener("htmx:afterRequest", (event) => release(event.detail.elt));
document.body.addEventListener("htmx:beforeSwap", (event) => (wasInside = Boolean(event.detail.target?.contains(document.activeElement))));
document.body.addEventListener("htmx:afterSettle", (event) => arrive(event.target));
window.addEventListener("offline", () => sayConnection("gone"));
window.addEventListener("online", () => sayConnection("back"));
if (!navigator.onLine) sayConnection("gone");

// htmx would send what is pressed meanwhile afterwards.
function holdSecond(event) {
  if (event.detail.elt.dataset.busy) event.preventDefault();
}

function markBusy(event) {
  const { elt, requestConfig } = event.detail;
  if (requestConfig.verb === "get") return;
  elt.dataset.busy = "true";
  const button = elt.matches("button") ? elt : (requestConfig.triggeringEvent?.submitter ?? elt.querySelector("button[type=submit]"));
  button?.setAttribute("aria-busy", "true");
}

function release(elt) {
  delete elt.dataset.busy;
  for (const button of [elt, ...elt.querySelectorAll("[aria-busy]")]) button.removeAttribute("aria-busy");
}

function arrive(part) {
  const toast = part.querySelector?.(".toast");
  say(part.dataset?.said ?? part.querySelector?.("[data-said]")?.dataset.said ?? toast?.textContent.trim());
  if (!wasInside || part.contains(document.activeElement)) return;
  wasInside = false;
  const next = part.querySelector("[aria-invalid=true]") ?? toast ?? part.querySelector("h2, h3") ?? part;
  if (!next.matches("input, textarea, select, button, a")) next.tabIndex = -1;
  next.focus();
}

// Emptied first, so that the same words are said again.
function say(words) {
  if (!words) return;
  said.textContent = "";
  setTimeout(() => (said.textContent = words), 60);
}

function sayConnection(what) {
  document.getElementById("network").hidden = true; // one message is enough
  connection.textContent = connection.dataset[what];
  connection.hidden = false;
  if (what === "back") setTimeout(() => (connection.hidden = connection.textContent === connection.dataset.back), 4000);
}

// Suggestions under a search field: htmx fetches them, this opens, walks and closes them. Without it they stay hidden.
for (const list of document.querySelectorAll(".suggestions")) watch(list.closest("form"), list.id);

function watch(form, id) {
  const field = form.querySelector("input[type=search]");
  const list = () => document.getElementById(id);
  const links = () => [...list().querySelectorAll("a")];
  const close = () => (list().hidden = true);

  form.addEventListener("htmx:afterSwap", () => {
    if (!form.contains(document.activeElement) || !field.value.trim()) close();
    form.querySelector("[data-suggestions-status]").textContent = list().hidden ? "" : list().dataset.status;
  });
  // What arrives after the field was emptied or sent is no answer to anything.
  form.addEventListener("htmx:beforeSwap", (event) => (event.detail.shouldSwap &&= field.value.trim() !== ""));
  form.addEventListener("submit", close);
  field.addEventListener("input", () => field.value.trim() || close());
  field.addEventListener("focus", () => field.value.trim() && links().length && (list().hidden = false));
  form.addEventListener("focusout", (event) => form.contains(event.relatedTarget) || close());
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list().hidden) {
      event.preventDefault();
      field.focus();
      close();
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") walk(event, [field, ...(list().hidden ? [] : links())]);
  });
}

function walk(event, stops) {
  const next = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
  if (stops.length < 2 || next < 0) return;
  event.preventDefault();
  stops[Math.min(next, stops.length - 1)].focus();
}
