// The desk of the moderation: Ctrl and Enter send the decision and go on. No single keys, which would get in the way of
// those who dictate (WCAG 2.1.4).

const form = document.getElementById("entscheidung");
form?.querySelector("[data-keys]")?.removeAttribute("hidden");
form?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("button[name=then]") ?? form.querySelector("button[type=submit]"));
});
