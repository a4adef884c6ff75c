// A click on the map writes the point's latitude and longitude into two fields; what is typed there moves the point.
// Data of the figure: where the map's grid lies on the globe (app/places/queries.py, Frame).

for (const figure of document.querySelectorAll("[data-point-map]")) begin(figure);

function begin(figure) {
  const box = figure.closest(".point");
  const [lat, lon] = ["lat", "lon"].map((name) => box.querySelector(`[name=${name}]`));
  const clear = box.querySelector("[data-point-clear]");
  const svg = figure.querySelector("svg");
  const frame = Object.fromEntries(Object.entries(figure.dataset).map(([name, value]) => [name, Number(value)]));
  figure.hidden = clear.hidden = false;
  const draw = () => mark(figure, frame, degrees(lat.value), degrees(lon.value));
  svg.addEventListener("click", (event) => {
    const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    write(lat, frame.north - (place.y - frame.top) / frame.south);
    write(lon, frame.west + (place.x - frame.left) / frame.east);
  });
  clear.addEventListener("click", () => [lat, lon].forEach((field) => set(field, "")));
  for (const field of [lat, lon]) field.addEventListener("input", draw);
  draw();
}

function write(field, value) {
  set(field, value.toFixed(4).replace(".", ","));
}

function set(field, text) {
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function mark(figure, frame, lat, lon) {
  const point = figure.querySelector(".point-mark");
  const known = Number.isFinite(lat) && Number.isFinite(lon);
  point.toggleAttribute("hidden", !known);
  if (!known) return;
  const x = frame.left + (lon - frame.west) * frame.east;
  const y = frame.top + (frame.north - lat) * frame.south;
  point.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
}

function degrees(text) {
  return text.trim() ? Number(text.trim().replace(",", ".").replace(/\s*°.*$/, "")) : NaN;
}
