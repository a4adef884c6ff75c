// Comfort in long forms: characters left, a look at the picture before it is sent, a word when too much is chosen.

for (const field of document.querySelectorAll("[data-maximum]")) count(field);
for (const field of document.querySelectorAll("input[type=file][data-preview]")) preview(field);
tidyUploads();
// Before htmx uploads what was chosen.
document.addEventListener("change", refuseTooMuch, { capture: true });
document.body.addEventListener("htmx:afterSettle", tidyUploads);

// What is chosen is uploaded at once: the button for it, and words for what is not yet a row, are for pages without script.
function tidyUploads() {
  for (const part of document.querySelectorAll(".uploads [data-without-script]")) part.hidden = true;
}

// The server would refuse the whole form, text and all.
function refuseTooMuch(event) {
  const field = event.target;
  const most = Number(field.dataset?.mostMb) * 1024 * 1024;
  if (!most || !field.form) return;
  document.getElementById(`${field.id}-zu-viel`)?.remove();
  const files = [...field.form.querySelectorAll("input[type=file]")].flatMap((one) => [...one.files]);
  const words = [...new FormData(field.form).values()].filter((value) => typeof value === "string");
  const size = [...files, ...words].reduce((sum, one) => sum + (one.size ?? one.length * 2), 0);
  if (size + 200 * files.length <= most) return;
  event.stopImmediatePropagation();
  field.value = "";
  field.parentElement.querySelector("canvas")?.remove();
  const line = Object.assign(document.createElement("p"), { id: `${field.id}-zu-viel`, className: "error", textContent: field.dataset.tooMuch });
  line.setAttribute("role", "alert");
  field.after(line);
}

// Says something only when it gets tight, and to screen readers only when typing pauses.
function count(field) {
  const most = Number(field.dataset.maximum);
  const line = Object.assign(document.createElement("p"), { className: "counter small" });
  const spoken = Object.assign(document.createElement("span"), { className: "visually-hidden" });
  spoken.setAttribute("role", "status");
  field.after(line, spoken);
  let waiting;
  const show = () => {
    const left = most - [...field.value].length;
    const words = left < most * 0.2 ? field.dataset.left.replace("{left}", left) : "";
    line.textContent = words;
    line.classList.toggle("over", left < 0);
    clearTimeout(waiting);
    waiting = setTimeout(() => (spoken.textContent = words), 1000);
  };
  field.addEventListener("input", show);
  show();
}

// Drawn on a canvas: the content policy allows no blob: pictures.
function preview(field) {
  field.addEventListener("change", async () => {
    field.parentElement.querySelector("canvas")?.remove();
    const [file] = field.files;
    if (!file) return;
    try {
      const picture = await createImageBitmap(file, { resizeWidth: 480, resizeQuality: "medium" });
      const canvas = Object.assign(document.createElement("canvas"), { className: "preview", width: picture.width, height: picture.height });
      canvas.getContext("2d").drawImage(picture, 0, 0);
      canvas.setAttribute("aria-hidden", "true");
      field.after(canvas);
    } catch {
      // Not a picture; the server says so in words.
    }
  });
}
