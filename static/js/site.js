// On every page, and nothing depends on it: focus on errors, one submit at a time, a word when the network is gone,
// filters that send themselves, and the end of a local draft once its form has been taken.

const SENT = "sent-draft";

focusErrors();
sendFiltersAtOnce();
forgetTakenDraft();
document.addEventListener("submit", holdSecondSubmit);
window.addEventListener("pageshow", releaseForms);
for (const trouble of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) document.body.addEventListener(trouble, sayTrouble);

function focusErrors() {
  document.querySelector(".error-summary")?.focus();
}

function sendFiltersAtOnce() {
  for (const form of document.querySelectorAll("form[data-auto-submit]")) {
    form.querySelector("[data-without-script]")?.setAttribute("hidden", "");
    form.addEventListener("change", (event) => event.target.matches("select") && form.requestSubmit());
  }
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

function sayTrouble() {
  const place = document.getElementById("network");
  place.textContent = place.dataset.text;
  place.hidden = false;
  setTimeout(() => (place.hidden = true), 12000);
}

// drafts.js notes which form was sent. The next page took it, unless it shows errors, asks to sign in or is an error itself.
function forgetTakenDraft() {
  try {
    const key = sessionStorage.getItem(SENT);
    if (!key || "keepDrafts" in document.body.dataset || document.querySelector("[aria-invalid], .error-summary")) return;
    sessionStorage.removeItem(SENT);
    localStorage.removeItem(`draft:${key}`);
  } catch {
    // Storage may be switched off; then there is nothing to forget.
  }
}
