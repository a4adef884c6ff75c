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
