// On every page, and nothing depends on it: focus on errors, one submit at a time, a word when the network is gone,
// filters that send themselves, columns that stay beside, and the end of a local draft once its form has been taken.

const SENT = "sent-draft";

focusErrors();
workOffline();
sendFiltersAtOnce();
stickWhatFits();
forgetTakenDraft();
document.addEventListener("click", holdSecondClick, { capture: true });
document.addEventListener("submit", holdSecondSubmit);
// In a strip that scrolls browsers leave half of what has the focus outside.
document.addEventListener("focusin", (event) => event.target.closest(".chips-scroll > *")?.scrollIntoView({ block: "nearest", inline: "nearest" }));
window.addEventListener("pageshow", releaseForms);
for (const trouble of ["draft:unsent", "htmx:sendError", "htmx:timeout", "htmx:responseError"]) document.body.addEventListener(trouble, sayTrouble);

// sw.js shows a page when the connection is gone, in the language one reads.
async function workOffline() {
  try {
    if (document.readyState !== "complete") await new Promise((done) => window.addEventListener("load", done, { once: true }));
    await navigator.serviceWorker?.register("/sw.js");
    const { active } = (await navigator.serviceWorker?.ready) ?? {};
    active?.postMessage({ language: document.documentElement.lang });
  } catch {
    // Without it the browser shows a page of its own.
  }
}

function focusErrors() {
  document.querySelector(".error-summary:not([data-sample] *)")?.focus();
}

function sendFiltersAtOnce() {
  for (const form of document.querySelectorAll("form[data-auto-submit]")) {
    form.addEventListener("change", (event) => event.target.matches("select") && form.requestSubmit());
  }
}

// A column taller than the window does not stay: its end would be out of sight for as long as there is text beside it.
function stickWhatFits() {
  const columns = document.querySelectorAll(".sticky");
  const fit = () => columns.forEach((column) => column.classList.toggle("fits", column.offsetHeight < innerHeight - 48));
  const watch = new ResizeObserver(fit);
  columns.forEach((column) => watch.observe(column));
  if (columns.length) window.addEventListener("resize", fit);
}

// A double click is one press: the answer to its first click has turned "support" into "take back" already.
function holdSecondClick(event) {
  if (event.detail < 2 || !event.target.closest(".support")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

// A form that is on its way is not sent again; eight seconds later it may, the answer was lost then.
function holdSecondSubmit(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method === "get") return;
  if (form.dataset.sending) return event.preventDefault();
  form.dataset.sending = "true";
  event.submitter?.setAttribute("aria-busy", "true");
  setTimeout(() => release(form), 8000);
}

function releaseForms() {
  document.querySelectorAll("form[data-sending]").forEach(release);
}

function release(form) {
  delete form.dataset.sending;
  document.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
}

// The server answers htmx in words; without an answer the network is gone. That the browser is offline swaps.js says.
function sayTrouble(event) {
  const place = document.getElementById("network");
  const answer = event.detail?.xhr;
  const spoken = answer?.getResponseHeader("Content-Type")?.startsWith("text/plain");
  if (!spoken && !navigator.onLine) return window.dispatchEvent(new Event("offline"));
  place.textContent = spoken ? answer.responseText : place.dataset.text;
  place.hidden = false;
  setTimeout(() => (place.hidden = true), 12000);
}

// drafts.js notes which form was sent. What took it redirects to a page without errors; any other page means that it
// did not arrive, and its text stays.
function forgetTakenDraft() {
  try {
    const key = sessionStorage.getItem(SENT);
    if (!key || "keepDrafts" in document.body.dataset) return;
    sessionStorage.removeItem(SENT);
    const redirected = document.referrer && performance.getEntriesByType("navigation")[0]?.redirectCount;
    if (!redirected || document.querySelector("[aria-invalid], .error-summary")) return;
    const { tab, earlier } = JSON.parse(localStorage.getItem(`draft:${key}`) ?? "{}");
    if (earlier?.tab && earlier.tab !== tab) localStorage.setItem(`draft:${key}`, JSON.stringify(earlier)); // of another tab
    else localStorage.removeItem(`draft:${key}`);
  } catch {
    // Storage may be switched off; then there is nothing to forget.
  }
}
