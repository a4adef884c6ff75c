// The map of ideas: our own outlines, no tiles. Ideas that would touch each other stand together as one number.
// Everything on it stands in the list beside it, too; without this script a drawing of the districts stays in its place.

const TOUCHING = 44;
const FINE_FROM = 10;
const frame = document.querySelector("[data-map]");

if (frame && window.L) show().catch(() => frame.classList.remove("is-live"));

async function show() {
  const [outlines, { ideas }] = await Promise.all([read(frame.dataset.outlines), read(frame.dataset.map)]);
  const words = frame.dataset;
  const drawing = frame.querySelector("svg.map");
  const ground = document.createElement("div");
  ground.className = "map-ground";
  ground.setAttribute("role", "region");
  ground.setAttribute("aria-label", words.label);
  frame.classList.add("is-live");
  frame.append(ground);
  const map = L.map(ground, { attributionControl: false, zoomControl: false, minZoom: 6, maxZoom: 14, zoomSnap: 0.5, keyboard: true });
  L.control.zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
  L.control.attribution({ prefix: false }).addAttribution(words.credit).addTo(map);
  const region = L.geoJSON(outlines, { interactive: false, style: { className: "map-district" } }).addTo(map);
  const edge = region.getBounds();
  map.fitBounds(edge, { animate: false }).setMaxBounds(edge.pad(0.4));
  drawing.remove();
  const marks = L.layerGroup().addTo(map);
  const draw = () => place(map, marks, ideas, words);
  map.on("zoomend", draw);
  map.on("zoomend", once(() => map.getZoom() >= FINE_FROM, () => refine(map)));
  draw();
  near(ideas, map);
}

async function read(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

// Municipalities come when somebody looks closely.
async function refine(map) {
  const fine = await read(frame.dataset.fineOutlines).catch(() => null);
  if (fine) L.geoJSON(fine, { interactive: false, style: { className: "map-municipality" } }).addTo(map);
}

function once(isTime, act) {
  let done = false;
  return () => {
    if (done || !isTime()) return;
    done = true;
    act();
  };
}

// Ideas closer than a finger's width are one group: the first of them gathers those around it.
function grouped(map, ideas) {
  const groups = [];
  for (const idea of ideas) {
    const point = map.project([idea.lat, idea.lon]);
    const group = groups.find((one) => one.point.distanceTo(point) < TOUCHING);
    if (group) group.ideas.push(idea);
    else groups.push({ point, ideas: [idea] });
  }
  return groups;
}

function place(map, marks, ideas, words) {
  marks.clearLayers();
  for (const { ideas: together } of grouped(map, ideas)) marks.addLayer(mark(map, together, words));
}

function mark(map, ideas, words) {
  const single = ideas.length === 1;
  const size = single ? 28 : ideas.length < 10 ? 36 : 46;
  const label = single ? ideas[0].title : words.many.replace("{n}", ideas.length);
  const icon = L.divIcon({ className: single ? "map-pin-mark" : "map-group-mark", html: single ? "" : String(ideas.length), iconSize: [size, size] });
  const bounds = L.latLngBounds(ideas.map((idea) => [idea.lat, idea.lon]));
  const spot = L.marker(bounds.getCenter(), { icon, title: label, alt: label, riseOnHover: true });
  const apart = !bounds.getNorthEast().equals(bounds.getSouthWest());
  spot.ideaIds = ideas.map((idea) => idea.id);
  if (!single && apart) spot.on("click", () => map.flyToBounds(bounds.pad(0.2), { animate: !calm(), maxZoom: map.getZoom() + 3 }));
  else spot.bindPopup(() => told(ideas, words), { minWidth: 210, maxWidth: 280, maxHeight: 260 });
  spot.on("add", () => {
    spot.getElement().setAttribute("aria-label", label);
    spot.getElement().dataset.ideas = spot.ideaIds.join(" ");
  });
  return spot;
}

// Titles are what people wrote: they enter the page as text.
function told(ideas, words) {
  const list = document.createElement("ul");
  list.className = "map-told";
  for (const idea of ideas) {
    const row = document.createElement("li");
    const link = Object.assign(document.createElement("a"), { href: idea.url, textContent: idea.title });
    const where = idea.exact ? idea.place : words.about.replace("{place}", idea.place);
    row.append(link, Object.assign(document.createElement("span"), { className: "soft", textContent: [where, idea.status].filter(Boolean).join(" · ") }));
    list.append(row);
  }
  return list;
}

// Pointing at a line of the list shows where its idea stands.
function near(ideas, map) {
  const known = new Set(ideas.map((idea) => String(idea.id)));
  for (const row of document.querySelectorAll("[data-idea]")) {
    if (!known.has(row.dataset.idea)) continue;
    const light = (on) => {
      for (const spot of map.getPane("markerPane").children) {
        if (spot.dataset.ideas?.split(" ").includes(row.dataset.idea)) spot.classList.toggle("is-near", on);
      }
    };
    for (const [event, on] of [["mouseenter", true], ["mouseleave", false], ["focusin", true], ["focusout", false]]) row.addEventListener(event, () => light(on));
  }
}

function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
