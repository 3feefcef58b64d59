// What an installed site shows without a network. SITE stands before this text (gallery/web/installed.py): the page that is kept,
// its files and their version, or null once nobody may install the site. The network is always asked first, and nothing but
// that page and its files is ever kept: no photo, no other page, no answer to a form.
const CACHES = `hors-ligne ${self.registration.scope} `;
const CACHE = CACHES + SITE?.version;
let given = [];

const keep = async () => {
  const cache = await caches.open(CACHE);
  await cache.addAll([SITE.page, ...SITE.files].map((address) => new Request(address, { cache: 'no-cache' })));
  await self.skipWaiting();
};

const forgetOthers = async () => {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(CACHES) && name !== CACHE).map((name) => caches.delete(name)));
  await (SITE ? self.clients.claim() : self.registration.unregister());
};

const kept = async (address) => (await caches.open(CACHE)).match(address);

const after = (milliseconds) => new Promise((_, reject) => { setTimeout(reject, milliseconds); });

const pageOf = async (request) => {
  const asked = fetch(request);
  const isItself = new URL(request.url).pathname === SITE.page;
  try {
    const answer = await (SITE.patience && isItself ? Promise.race([asked, after(SITE.patience)]) : asked);
    // A service that restarts has the page no more than no service has it.
    return answer.status >= 500 && isItself ? (await kept(SITE.page)) ?? answer : answer;
  } catch {
    return (await kept(SITE.page)) ?? asked;
  }
};

const fileOf = async (request) => {
  const asked = fetch(request);
  try {
    const answer = await asked;
    return answer.status >= 500 ? (await kept(request.url)) ?? answer : answer;
  } catch {
    return (await kept(request.url)) ?? asked;
  }
};

// Photos shared by the telephone wait in memory until the search's page asks for them; without them the service answers itself.
const handOver = async (request) => {
  const whole = request.clone();
  try {
    given = (await request.formData()).getAll('photos').filter((photo) => photo.size > 0);
    return Response.redirect(`${SITE.opened}?partage=1`, 303);
  } catch {
    return fetch(whole);
  }
};

self.addEventListener('install', (event) => event.waitUntil(SITE ? keep() : self.skipWaiting()));
self.addEventListener('activate', (event) => event.waitUntil(forgetOthers()));
self.addEventListener('message', ({ ports: [port] }) => {
  port?.postMessage(given);
  given = [];
});
self.addEventListener('fetch', (event) => {
  if (!SITE) return;
  const { request } = event;
  const { pathname, search } = new URL(request.url);
  if (request.method === 'POST' && pathname === SITE.shared) event.respondWith(handOver(request));
  else if (request.method !== 'GET') return;
  else if (request.mode === 'navigate') event.respondWith(pageOf(request));
  else if (SITE.files.includes(pathname + search)) event.respondWith(fileOf(request));
});
