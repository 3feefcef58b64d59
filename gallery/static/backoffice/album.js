// The preview of an album: order by dragging or by buttons, the cover kept up to date, the download with its progress.
// Without this script the same buttons send the form, and the page comes back in the new order.
import '../oldest.js';
import { makeDraggable } from '../dragging.js';
import { submitBy } from '../submitting.js';

const form = document.getElementById('album');
const list = form.querySelector('.album-items');
document.documentElement.classList.add('has-script');

// Order. This page shows some items; those before and after are hidden fields of the same form.
const items = () => [...list.children];
const numbers = () => [...form.querySelectorAll('[name=objet]')].map((each) => each.value);
const first = Number(list.dataset.first);
const placeOf = (item) => first + items().indexOf(item);
const say = (text) => { form.querySelector('[data-said]').textContent = text; };
const filled = (pattern, values) => Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), pattern);

function settle(item) {
  const total = numbers().length;
  items().forEach((each, index) => {
    const place = first + index;
    each.querySelector('[value^="monter"]').disabled = place === 1;
    each.querySelector('[value^="descendre"]').disabled = place === total;
    Object.assign(each.querySelector('[name^="place-"]'), { value: place, max: total });
  });
  tellCounts();
  if (item) say(filled(form.dataset.moved, { title: item.dataset.title, place: placeOf(item), total }));
  refreshCover();
  form.dispatchEvent(new Event('album-changed'));
}

// How many there are, wherever the page says it.
function tellCounts() {
  const photos = [...form.querySelectorAll('[name=objet]')].flatMap((each) => each.dataset.photos.split(' ').filter(Boolean)).length;
  const counts = { objects: numbers().length, photos, first, last: first + items().length - 1 };
  for (const each of form.querySelectorAll('[data-counts]')) each.textContent = filled(each.dataset.counts, counts);
}

// What crosses the page's end is moved by the server, which shows the page that the item has come to.
function act(button) {
  const item = button.closest('.album-item');
  const [word] = button.value.split(' ');
  if (word === 'enlever') {
    if (items().length === 1) return false;
    const next = item.nextElementSibling || item.previousElementSibling;
    item.remove();
    settle();
    say(filled(form.dataset.removed, { title: item.dataset.title }));
    next.querySelector('[value^="enlever"]').focus();
    return true;
  }
  const neighbour = word === 'monter' ? item.previousElementSibling : item.nextElementSibling;
  if (!neighbour) return false;
  if (word === 'monter') neighbour.before(item); else neighbour.after(item);
  settle(item);
  // A disabled button loses the focus: the other arrow of the same item takes it.
  (button.disabled ? item.querySelector('[name=agir]:not(:disabled)') : button).focus();
  item.scrollIntoView({ block: 'nearest' });
  return true;
}

function place(field) {
  const item = field.closest('.album-item');
  const wanted = Number(field.value);
  if (wanted === placeOf(item)) return;
  if (!Number.isInteger(wanted) || wanted < 1) {
    field.value = placeOf(item);
    return;
  }
  const others = items().filter((each) => each !== item);
  const isHere = wanted >= first && wanted < first + items().length;
  if (!isHere) {
    submitBy(form);
    return;
  }
  if (wanted === first) others[0]?.before(item); else others[wanted - first - 1].after(item);
  settle(item);
  field.focus();
  item.scrollIntoView({ block: 'nearest' });
}
list.addEventListener('change', (event) => { if (event.target.matches('[name^="place-"]')) place(event.target); });
// Enter would send the whole form.
list.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || !event.target.matches('[name^="place-"]')) return;
  event.preventDefault();
  place(event.target);
});

// A browser that goes back keeps what the fields held, and shows the cards in the order of the server.
window.addEventListener('pageshow', () => {
  const kept = items().sort((one, other) => one.querySelector('[name^="place-"]').value - other.querySelector('[name^="place-"]').value);
  if (kept.every((each, index) => each === list.children[index])) return;
  list.append(...kept);
  settle();
});

// The browser would drag the picture itself.
for (const each of list.querySelectorAll('a, img')) each.draggable = false;
makeDraggable(list, {
  pick: (place) => {
    const item = place.closest('.album-item');
    return item && { picture: item.querySelector('img'), moved: [item], item };
  },
  targetAt: (x, y) => document.elementFromPoint(x, y)?.closest('.album-item'),
  drop: ({ item }, target) => {
    if (target === item) return;
    if (placeOf(item) < placeOf(target)) target.after(item); else target.before(item);
    settle(item);
  },
});

// Cover.
const cover = form.querySelector('[data-cover-picture]');
let waiting;
function refreshCover() {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    const all = numbers();
    const asked = new URLSearchParams({ titre: form.elements.titre.value, total: all.length });
    all.slice(0, 6).forEach((number) => asked.append('objet', number));
    cover.src = `${form.dataset.cover}?${asked}`;
  }, 400);
}
form.elements.titre.addEventListener('input', refreshCover);

// Download. The worker makes the file; the page tells how far it is, and lets the browser fetch it once it is there.
const LOOK_AGAIN = 700;
const MAX_FAILURES = 5;
const box = form.querySelector('[data-progress]');
const told = box.querySelector('[data-progress-text]');
const bar = box.querySelector('progress');
const pause = () => new Promise((resolve) => { setTimeout(resolve, LOOK_AGAIN); });
const asData = { Accept: 'application/json' };

function tell(data) {
  told.textContent = data.sentence;
  if (data.done) { bar.max = data.total; bar.value = data.done; }
  box.querySelector('[data-export]').href = data.page;
}

// A connection that is lost for a moment, as between two masts, is no reason to give up.
async function followed(data) {
  let now = data;
  let failures = 0;
  tell(now);
  while (now.is_under_way) {
    await pause();
    try {
      const answer = await fetch(now.page, { headers: asData });
      if (!answer.ok) throw new Error(answer.status);
      now = await answer.json();
      failures = 0;
      tell(now);
    } catch (error) {
      failures += 1;
      if (failures === MAX_FAILURES) throw error;
    }
  }
  return now;
}

async function download(button) {
  const data = new URLSearchParams(new FormData(form));
  if (button.name) data.append(button.name, button.value);
  box.hidden = false;
  bar.removeAttribute('value');
  button.disabled = true;
  try {
    const answer = await fetch(button.formAction, { method: 'POST', body: data, headers: asData });
    if (answer.status === 401) {
      told.textContent = (await answer.json()).sentence;
      return;
    }
    if (answer.status !== 202) {
      // The preview has come back with what is to be read: let the browser show it.
      button.disabled = false;
      form.dataset.plain = 'yes';
      submitBy(form, button);
      // It may be stopped, or come back to.
      delete form.dataset.plain;
      return;
    }
    const ended = await followed(await answer.json());
    if (!ended.file) {
      location.assign(ended.page);
      return;
    }
    told.textContent = button.dataset.done || box.dataset.done;
    bar.value = bar.max;
    box.querySelector('[data-next]').hidden = 'offline' in button.dataset;
    location.assign(ended.file);
  } catch {
    told.textContent = box.dataset.failed;
  } finally {
    button.disabled = false;
  }
}

form.addEventListener('submit', (event) => {
  const button = event.submitter;
  if (form.dataset.plain) return;
  if (button?.name === 'agir' && act(button)) event.preventDefault();
  if (button?.matches('[data-download]')) {
    event.preventDefault();
    download(button);
  }
});
