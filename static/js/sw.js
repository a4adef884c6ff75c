// The service worker: a page for when there is no connection, and static files from the cache.
// No page of the platform is ever kept, so none can come out for somebody else; what writes is left to the browser.

const SHELL = "shell-1";
const FILES = "files-1";
const MOST_FILES = 120;
const LANGUAGES = ["de", "en"];
const CHOICE = "/language";
const OLD = 24 * 3600 * 1000;

self.addEventListener("install", (event) => event.waitUntil(prepare().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(begin()));
self.addEventListener("message", (event) => event.waitUntil(choose(event.data?.language)));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (isForEver(url)) event.respondWith(file(request));
});

// Of a guest, whoever is signed in here: without cookies.
async function prepare() {
  const shell = await caches.open(SHELL);
  for (const language of LANGUAGES) {
    const address = `/offline?lang=${language}`;
    const answer = await fetch(address, { credentials: "omit", cache: "reload" });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    const text = await answer.clone().text();
    const parts = [...text.matchAll(/(?:href|src)="(\/(?:static\/|branding|icon-)[^"#]+)/g)].map((found) => found[1]);
    await shell.addAll([...new Set(parts)].map((part) => new Request(part, { credentials: "omit" })));
    await shell.put(address, answer);
  }
}

async function begin() {
  for (const name of await caches.keys()) if (![SHELL, FILES].includes(name)) await caches.delete(name);
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

async function choose(language) {
  if (LANGUAGES.includes(language)) await (await caches.open(SHELL)).put(CHOICE, new Response(language));
}

async function page(event) {
  try {
    const answer = (await event.preloadResponse) ?? (await fetch(event.request));
    event.waitUntil(freshen());
    return answer;
  } catch {
    return (await kept()) ?? Response.error();
  }
}

async function kept() {
  const shell = await caches.open(SHELL);
  const choice = await (await shell.match(CHOICE))?.text();
  const language = choice ?? LANGUAGES.find((one) => navigator.language?.startsWith(one)) ?? LANGUAGES[0];
  return shell.match(`/offline?lang=${language}`);
}

// Once a day the page for such times is fetched anew: the operator may have changed its look.
async function freshen() {
  const made = Date.parse((await kept())?.headers.get("date") ?? "");
  if (!(Date.now() - made < OLD)) await prepare().catch(() => {});
}

// What says its version in its address never changes.
function isForEver(url) {
  if (url.pathname.startsWith("/static/")) return url.search.startsWith("?v=");
  return /^\/(branding-[0-9a-f]{6}-|branding\/|icon-)/.test(url.pathname);
}

async function file(request) {
  const known = await caches.match(request, { ignoreVary: true });
  if (known) return known;
  const answer = await fetch(request);
  if (answer.ok && answer.type === "basic" && /immutable|max-age=\d{5}/.test(answer.headers.get("cache-control") ?? "")) {
    const copy = answer.clone();
    caches.open(FILES).then((files) => files.put(request, copy).then(() => trim(files))).catch(() => {});
  }
  return answer;
}

async function trim(files) {
  const known = await files.keys();
  for (const old of known.slice(0, Math.max(0, known.length - MOST_FILES))) await files.delete(old);
}
