// On the page for times without a connection: the texts drafts.js has kept in this browser, and a word once the
// connection is back.

const LIVES = "/healthz";
const EVERY = 5000;
const LENGTH = 90;

show(drafts());
watch();

function drafts() {
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith("draft:"));
    const copies = keys.map((key) => JSON.parse(localStorage.getItem(key)));
    return copies.filter((copy) => copy?.fields && copy.page && words(copy)).sort((one, other) => other.at - one.at);
  } catch {
    return []; // Storage may be switched off.
  }
}

// What people would know it by: its title, or how it begins.
function words(copy) {
  const texts = Object.entries(copy.fields).flatMap(([name, values]) => [values].flat().map((text) => [name, String(text).trim()]));
  const title = texts.find(([name, text]) => name === "title" && text) ?? texts.find(([, text]) => /\s/.test(text));
  const text = title?.[1] ?? "";
  return text.length > LENGTH ? `${text.slice(0, LENGTH)} …` : text;
}

function show(copies) {
  const list = document.getElementById("drafts");
  const template = document.getElementById("draft");
  for (const copy of copies) {
    const item = template.content.firstElementChild.cloneNode(true);
    const link = item.querySelector("a");
    const line = item.querySelector("[data-text]");
    const moment = new Date(copy.at);
    const when = moment.toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short", timeZone: document.documentElement.dataset.zone });
    link.textContent = words(copy);
    link.href = within(copy.page);
    line.textContent = line.dataset.text.replace("{time}", when).replace("{page}", copy.name ?? "");
    list.append(item);
  }
  document.getElementById("some").hidden = copies.length === 0;
  document.getElementById("none").hidden = copies.length > 0;
}

// Only pages of ours.
function within(address) {
  const url = new URL(address, location.origin);
  return url.origin === location.origin ? url.pathname + url.search : "/";
}

async function watch() {
  const place = document.getElementById("offline-state");
  try {
    const answer = await fetch(LIVES, { cache: "no-store", signal: AbortSignal.timeout(EVERY) });
    if (!answer.ok) throw new Error(answer.status);
    place.textContent = place.dataset.back;
    document.getElementById("retry").hidden = location.pathname === "/offline";
  } catch {
    place.textContent = place.dataset.gone;
    setTimeout(watch, EVERY);
  }
}
