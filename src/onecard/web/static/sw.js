// Keeps the terminal page and its files, so that it opens without a network. The server writes VERSION and FILES in front;
// either changes when a file does, and the browser then fills a new store before the old one goes.

const STORE = `onecard-${VERSION}`;
const PAGES = "/terminal/", PATIENCE_MS = 2000;
const ours = async () => (await caches.keys()).filter((name) => name.startsWith("onecard-"));

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(dropOld()));
self.addEventListener("message", (event) => event.waitUntil(keep(event.data.keep).then((kept) => event.ports[0]?.postMessage(kept))));
self.addEventListener("fetch", (event) => {
  const { request } = event, { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (pathname.startsWith("/static/")) event.respondWith(file(request));
  else if (request.mode === "navigate" && pathname.startsWith(PAGES)) event.respondWith(page(request));
});

/** The new files, and every page that was kept, fetched anew: an old page would name old files. */
async function fill() {
  const store = await caches.open(STORE);
  await store.addAll(FILES);
  for (const name of await ours()) {
    for (const request of await (await caches.open(name)).keys()) {
      if (new URL(request.url).pathname.startsWith(PAGES)) await store.add(new Request(request.url, { cache: "reload" })).catch(() => {});
    }
  }
  await self.skipWaiting();
}

async function dropOld() {
  for (const name of await ours()) if (name !== STORE) await caches.delete(name);
}

async function keep(address) {
  const store = await caches.open(STORE);
  return store.add(new Request(address, { cache: "reload" })).then(() => true, () => false);
}

const file = async (request) => (await caches.match(request)) ?? fetch(request);

/** The network's page while it answers in time, else the one that was kept. */
async function page(request) {
  const kept = () => caches.match(request.url, { ignoreVary: true });
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (response.status < 500) return response;
    return (await kept()) ?? response;
  } catch (mistake) {
    const found = await kept();
    if (found) return found;
    throw mistake;
  }
}
