// The inventory: rows on the screen, a sheet on paper. Nothing is sent unless the visitor declares what is on it stolen; nothing is
// kept unless the visitor ticks so.
import '../oldest.js';
import { element } from '../element.js';
import { reduced } from './reduce.js';

const root = document.querySelector('[data-inventory]');
const words = root.dataset;
const find = (name, within = root) => within.querySelector(`[data-${name}]`);
const form = find('form');
const list = find('entries');
const owner = find('owner');
const keep = find('keep');
const status = find('status');
const keptStatus = find('kept-status');
const KEPT = 'inventaire';
const photosOf = new WeakMap();
const wasKept = new Set();
let given = 0;
let isDeclaring = false;

const say = (sentence) => { status.textContent = sentence; };
const sayOfKeeping = (sentence) => { keptStatus.textContent = sentence; };
const named = (text, number) => text.replace('{n}', number);
const entries = () => [...list.children];
const fieldsOf = (entry) => [...entry.querySelectorAll('[data-field]')];
const valuesOf = (entry) => Object.fromEntries(fieldsOf(entry).map((field) => [field.dataset.field, field.value.trim()]));
const isEmpty = (entry) => !photosOf.get(entry).length && Object.values(valuesOf(entry)).every((value) => !value);
const filled = () => entries().filter((entry) => !isEmpty(entry));

// Photos: shown from this device's memory, smaller than they are, so that many can be printed.
const shownPhoto = (photo, alt) => {
  const image = element('img', { src: photo.address, alt });
  image.addEventListener('error', () => image.replaceWith(element('span', {}, `${words.textUnseen} ${photo.name}`)));
  return image;
};

const drawPhotos = (entry) => {
  const photos = photosOf.get(entry);
  find('previews', entry).replaceChildren(...photos.map((photo, place) => {
    const frame = element('div', { class: 'frame' }, shownPhoto(photo, named(words.textPhoto, place + 1)));
    const remove = element('button', { type: 'button', class: 'btn btn-outline-primary' }, named(words.textRemovePhoto, place + 1));
    remove.addEventListener('click', () => {
      forgetPhotos([photo]);
      photos.splice(place, 1);
      changed(entry);
      const next = entry.querySelectorAll('[data-previews] button')[Math.min(place, photos.length - 1)];
      (next ?? find('photos', entry)).focus();
    });
    return element('li', {}, frame, remove);
  }));
};

const forgetPhotos = (photos) => photos.forEach(({ address }) => URL.revokeObjectURL(address));

const addPhotos = async (entry, files) => {
  for (const file of files) {
    const smaller = await reduced(file);
    photosOf.get(entry).push({ name: file.name, smaller, address: URL.createObjectURL(smaller) });
  }
  changed(entry);
  say(named(words.textPhotos, photosOf.get(entry).length));
};

// Rows.
const number = () => entries().forEach((entry, place) => {
  entry.querySelector('legend').textContent = named(words.textEntry, place + 1);
  find('remove', entry).setAttribute('aria-label', named(words.textRemove, place + 1));
});

const fill = (entry, values) => fieldsOf(entry).forEach((field) => { field.value = values[field.dataset.field] ?? ''; });

const add = (values = {}) => {
  given += 1;
  const entry = find('entry').content.cloneNode(true).firstElementChild;
  for (const element of entry.querySelectorAll('[id$="-N"]')) element.id = element.id.replace(/N$/, given);
  for (const element of entry.querySelectorAll('[for$="-N"]')) element.htmlFor = element.htmlFor.replace(/N$/, given);
  photosOf.set(entry, []);
  entry.dataset.key = values.key ?? Math.random();
  fill(entry, values);
  find('photos', entry).addEventListener('change', (event) => {
    const files = [...event.target.files];
    event.target.value = '';
    addPhotos(entry, files);
  });
  find('remove', entry).addEventListener('click', () => removeEntry(entry));
  list.append(entry);
  number();
  return entry;
};

const removeEntry = (entry) => {
  const next = entry.nextElementSibling ?? entry.previousElementSibling ?? add();
  forgetPhotos(photosOf.get(entry));
  entry.remove();
  number();
  changed();
  say(words.textRemoved);
  fieldsOf(next)[0].focus();
};

// The sheet: made anew at each change, so that its photos are there when it is printed.
const write = (entry) => {
  const values = valuesOf(entry);
  const paper = find('sheet-entry').content.cloneNode(true).firstElementChild;
  paper.querySelector('h2').textContent = values.name || entry.querySelector('legend').textContent;
  for (const line of paper.querySelectorAll('[data-shown]')) {
    line.querySelector('dd').textContent = values[line.dataset.shown];
    line.hidden = !values[line.dataset.shown];
  }
  find('shown-photos', paper).append(...photosOf.get(entry).map((photo) => shownPhoto(photo, '')));
  return paper;
};

const writeSheet = () => {
  find('sheet-entries').replaceChildren(...filled().map(write));
  for (const shown of root.querySelectorAll('[data-shown-owner]')) shown.textContent = owner.value.trim();
  const day = filled().length ? new Date().toLocaleDateString(document.documentElement.lang) : '';
  for (const shown of root.querySelectorAll('[data-shown-day]')) shown.textContent = day;
  root.classList.toggle('has-entries', filled().length > 0);
};

// What this device keeps, when it is asked to. By its key another page of this browser knows a row again.
const store = () => {
  const rows = filled().map((entry) => ({ key: entry.dataset.key, ...valuesOf(entry) }));
  try {
    localStorage.setItem(KEPT, JSON.stringify({ owner: owner.value, entries: rows }));
    for (const { key } of rows) wasKept.add(key);
    return true;
  } catch {
    return false;
  }
};

// Lists that were kept before rows had keys have their places.
const kept = () => {
  try {
    const { owner: name, entries: rows } = JSON.parse(localStorage.getItem(KEPT));
    return { name, rows: rows.map((row, place) => ({ key: String(place), ...row })) };
  } catch {
    return null;
  }
};

// The kept list into this page. Photos are in no list: a row that has some stays, and so does what was never kept.
const takeKept = ({ name, rows }) => {
  const keys = rows.map(({ key }) => key);
  for (const entry of entries()) {
    const { key } = entry.dataset;
    if (!keys.includes(key) && (isEmpty(entry) || (wasKept.has(key) && !photosOf.get(entry).length))) entry.remove();
  }
  for (const row of rows) {
    const entry = entries().find(({ dataset }) => dataset.key === row.key);
    if (entry) fill(entry, row);
    else add(row);
    wasKept.add(row.key);
  }
  if (!entries().length) add();
  owner.value = name || owner.value;
  number();
  writeSheet();
};

// Another page of this browser has written the list, or has forgotten it.
const follow = () => {
  if (!keep.checked) return;
  const list = kept();
  keep.checked = list !== null;
  if (list) takeKept(list);
  else sayOfKeeping(words.textForgotten);
};

const forget = () => {
  try {
    localStorage.removeItem(KEPT);
  } catch { /* A browser that keeps nothing has nothing to forget. */ }
};

const changed = (entry) => {
  if (entry) drawPhotos(entry);
  writeSheet();
  if (keep.checked && !store()) sayOfKeeping(words.textNotKept);
};

keep.addEventListener('change', () => {
  if (!keep.checked) {
    forget();
    sayOfKeeping(words.textForgotten);
    return;
  }
  const other = kept();
  if (other) takeKept(other);
  const isStored = store();
  keep.checked = isStored;
  sayOfKeeping(isStored ? words.textKept : words.textNotKept);
});

find('add').addEventListener('click', () => {
  const entry = add();
  say(named(words.textAdded, entries().length));
  fieldsOf(entry)[0].focus();
});
// Declaring: the lines and their photos go to that page's form, which keeps nothing either.
const wordsOf = (values) => [values.name, values.size, values.marks].filter(Boolean).join(', ');
const hidden = (name, value) => element('input', { type: 'hidden', name, value });

const fieldsToDeclare = (entry, place) => {
  const values = valuesOf(entry);
  const files = new DataTransfer();
  for (const { name, smaller } of photosOf.get(entry)) files.items.add(new File([smaller], name, { type: smaller.type }));
  const photos = element('input', { type: 'file', name: `objet-${place}-photos`, multiple: '' });
  photos.files = files.files;
  return [
    hidden(`objet-${place}-mots`, wordsOf(values)), hidden(`objet-${place}-marque`, values.brand),
    hidden(`objet-${place}-serie`, values.number), photos,
  ];
};

// A declaration takes a limited number of objects. The others stay here, and both sides say so.
const declare = async ({ address, token, most }) => {
  const lines = filled();
  const taken = lines.slice(0, Number(most));
  const left = lines.length - taken.length;
  if (left && !window.confirm(named(words.textTooMany, left))) return;
  const { csrf_token: secret } = await (await fetch(token)).json();
  const sent = element('form', { method: 'post', enctype: 'multipart/form-data', action: address, hidden: '' }, hidden('csrf_token', secret), hidden('commence', 'inventaire'), hidden('laisses', left));
  for (const [place, entry] of taken.entries()) sent.append(...fieldsToDeclare(entry, place + 1));
  document.body.append(sent);
  isDeclaring = true;
  sent.submit();
};
find('declare')?.addEventListener('click', ({ currentTarget }) => declare(currentTarget.dataset).catch(() => say(words.textNotSent)));
find('print-list').addEventListener('click', () => window.print());
find('clear').addEventListener('click', () => {
  if (!window.confirm(words.textClear)) return;
  for (const entry of entries()) forgetPhotos(photosOf.get(entry));
  list.replaceChildren();
  owner.value = '';
  keep.checked = false;
  forget();
  fieldsOf(add())[0].focus();
  changed();
  sayOfKeeping(words.textCleared);
});
// Ticking the box takes first what another page keeps.
form.addEventListener('input', ({ target }) => { if (target !== keep) changed(); });
window.addEventListener('beforeprint', writeSheet);
window.addEventListener('storage', follow);
window.addEventListener('pageshow', ({ persisted }) => {
  isDeclaring = false;
  if (persisted) follow();
});
window.addEventListener('beforeunload', (event) => {
  if (!keep.checked && !isDeclaring && filled().length) event.preventDefault();
});

const earlier = kept();
keep.checked = earlier !== null;
takeKept(earlier ?? { rows: [] });
root.classList.add('is-enhanced');
form.hidden = false;
