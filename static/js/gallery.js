// Pictures that open large: a[data-enlarge] leads to the large file; here it opens in a dialog of this page.
// Arrow keys go on and back, Escape closes; the focus returns to the picture it came from.

const links = [...document.querySelectorAll("a[data-enlarge]")];
const template = document.getElementById("viewer");
let dialog;
let place = 0;

if (template) for (const [index, link] of links.entries()) link.addEventListener("click", (event) => open(event, index));

function open(event, index) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  dialog ??= build();
  show(index);
  dialog.showModal();
  dialog.querySelector("[value=close]").focus();
}

function build() {
  const made = template.content.firstElementChild.cloneNode(true);
  document.body.append(made);
  for (const button of made.querySelectorAll("[value=back], [value=on]")) button.hidden = links.length < 2;
  made.addEventListener("click", (event) => {
    const choice = event.target === made ? "close" : event.target.closest("button")?.value;
    if (choice === "close") made.close();
    if (choice === "back") show(place - 1);
    if (choice === "on") show(place + 1);
  });
  made.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") show(place - 1);
    if (event.key === "ArrowRight") show(place + 1);
  });
  made.addEventListener("close", () => links[place].focus());
  return made;
}

function show(index) {
  place = (index + links.length) % links.length;
  const words = links[place].dataset.words;
  const line = dialog.querySelector("[data-place]");
  const image = dialog.querySelector("img");
  image.src = links[place].href;
  image.alt = words;
  dialog.querySelector("figcaption").textContent = words;
  dialog.querySelector("figcaption").setAttribute("aria-hidden", "true");
  line.textContent = links.length > 1 ? line.dataset.place.replace("{number}", place + 1).replace("{total}", links.length) : "";
}
