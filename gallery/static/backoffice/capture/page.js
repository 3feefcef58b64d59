// Photographs objects one after the other with a telephone, with or without a network. Each object has a number to write on a
// card; its photos carry the number with them, so that they are together whenever they arrive.
import '../../oldest.js';
import { element } from '../../element.js';
import { digestOf } from '../digest.js';
import { ask, sender, tokenFrom } from './sending.js';
import {
  allPhotos, countReserved, forgetPhoto, isOnlyHere, isRefused, keepPhoto, recall, refusedFor, remember, reserve, takeNumber, whyClosed,
} from './store.js';

const page = document.querySelector('[data-capture]');
const words = page.dataset;
const part = (name) => page.querySelector(`[data-${name}]`);
const [camera, chosen] = ['camera', 'chosen'].map((id) => document.getElementById(id));
const shown = part('photos-list');
const MEGABYTE = 1048576;
const LITTLE_ROOM = 200 * MEGABYTE;
const STATES = { sending: words.textSending, offline: words.textOffline, later: words.textLater, signedOut: words.textSignedOut };
// The case, its unit, the number of the object in hand and how many photos of it were taken.
let current = null;
let state = 'idle';

const named = (text, number) => text.replace('{n}', number);

const alertOf = (sentence) => {
  part('alert').textContent = sentence;
  part('alert').hidden = !sentence;
};

const refusedRow = (photo) => {
  const address = URL.createObjectURL(photo.file);
  const save = element('a', { href: address, download: photo.name, class: 'btn btn-outline-primary btn-small' }, words.textSave);
  const forget = element('button', { type: 'button', class: 'btn btn-outline-danger btn-small' }, words.textGiveUp);
  forget.addEventListener('click', async () => {
    if (!window.confirm(words.textSure)) return;
    await forgetPhoto(photo.id);
    show();
  });
  return element('li', {}, element('p', {}, `${photo.number} : ${photo.sentence}`), save, ' ', forget);
};

let shownRefused = '';
const showRefused = (refused) => {
  const ids = `${refused.map((photo) => photo.id)}`;
  if (ids === shownRefused) return;
  shownRefused = ids;
  for (const link of part('refused').querySelectorAll('a')) URL.revokeObjectURL(link.href);
  part('refused').replaceChildren(...refused.map(refusedRow));
};

const show = async (next = state, sentence = STATES.stopped) => {
  state = next;
  STATES.stopped = sentence;
  const photos = await allPhotos();
  const refused = photos.filter(isRefused);
  const waiting = photos.length - refused.length;
  part('waiting').textContent = waiting === 1 ? words.textOneWaits : named(waiting ? words.textWait : words.textNoneWaits, waiting);
  part('state').textContent = waiting ? STATES[state] ?? '' : '';
  part('sign-in-link').hidden = state !== 'signedOut';
  part('set-aside').hidden = refused.length === 0;
  showRefused(refused);
  const here = new Set(photos.map((photo) => photo.name));
  for (const button of shown.querySelectorAll('[data-name]')) button.hidden = !here.has(button.dataset.name);
  page.dataset.waits = waiting;
};

const { send, stopSending } = sender(words, show);

const showObject = () => {
  part('no-case').hidden = current !== null;
  part('object').hidden = current === null;
  part('table-link').hidden = current === null;
  if (!current) return;
  part('table-link').href = words.table.replace('REFERENCE', current.reference);
  part('case').textContent = current.called;
  part('number').textContent = current.number ?? '';
  part('count').textContent = current.number ? named(words.textPhotos, current.taken) : words.textNoNumber;
  part('next').disabled = current.taken === 0;
  for (const input of [camera, chosen]) {
    input.disabled = !current.number;
    input.nextElementSibling.classList.toggle('disabled', !current.number);
  }
};

const alertOfUnkept = (why) => {
  if (why) alertOf(why === 'QuotaExceededError' ? words.textFull : words.textUnkept);
};

const change = async (changes) => {
  current = { ...current, ...changes };
  alertOfUnkept(await remember('current', current));
  showObject();
};

const nextObject = async () => {
  // A second tap would take another number, which no card would ever have.
  part('next').disabled = true;
  for (const image of shown.querySelectorAll('img')) URL.revokeObjectURL(image.src);
  shown.replaceChildren();
  await change({ number: await takeNumber(current.unit), taken: 0 });
  part('number').scrollIntoView({ block: 'center' });
  if (state !== 'signedOut') fillReserve();
};

const showPhoto = (file, name, order) => {
  const image = element('img', { src: URL.createObjectURL(file), alt: named(words.textPhoto, order) });
  const remove = element('button', { type: 'button', class: 'btn btn-outline-primary btn-small', 'data-name': name, 'aria-label': `${words.textRemove} : ${image.alt}` }, words.textRemove);
  const row = element('li', {}, image, remove);
  remove.addEventListener('click', async () => {
    const photo = (await allPhotos()).find((each) => each.name === name);
    if (photo) {
      await forgetPhoto(photo.id);
      stopSending(photo.id);
    }
    URL.revokeObjectURL(image.src);
    row.remove();
    await change({ taken: Math.max(0, current.taken - 1) });
    show();
  });
  shown.append(row);
};

// The second argument: the object in hand when the photo was taken; another one may be by now.
const take = async (file, { reference, number }) => {
  // A copy: what a browser gives may be a file that the camera overwrites.
  const copy = new Blob([await file.arrayBuffer()], { type: file.type });
  const sha256 = await digestOf(copy);
  const order = (current.order ?? 0) + 1;
  const taken = current.taken + (current.number === number ? 1 : 0);
  await change({ taken, order });
  const ending = /\.\w{1,5}$/.exec(file.name)?.[0] ?? '.jpg';
  const name = `${number}_${String(order).padStart(4, '0')}${ending}`;
  const photo = { reference, number, name, file: copy, sha256 };
  const isTooHeavy = file.size > Number(words.maxBytes);
  alertOfUnkept(await keepPhoto(isTooHeavy ? refusedFor(photo, words.textTooHeavy) : photo));
  if (current.number === number) showPhoto(copy, name, taken);
};

const takeAll = async (input) => {
  const [files, object] = [[...input.files], current];
  input.value = '';
  alertOf('');
  for (const file of files) {
    try {
      await take(file, object);
    } catch {
      alertOf(words.textUnread);
    }
  }
  await warnOfLittleRoom();
  await show();
  send();
};

const warnOfLittleRoom = async () => {
  const { quota, usage } = (await navigator.storage?.estimate?.()) ?? {};
  if (part('alert').hidden && quota && quota - usage < LITTLE_ROOM) {
    alertOf(words.textAlmostFull.replace('{megabytes}', Math.max(0, Math.floor((quota - usage) / MEGABYTE))));
  }
};

// Asked for whenever there is a network, so that there are enough when there is none. Signed out or without a line: later, and
// somebody may have signed in elsewhere since.
const fillReserve = async () => {
  if (!current) return;
  const wanted = Number(words.most) - await countReserved(current.unit);
  const isEnough = current.called && current.number && wanted < Number(words.most) / 4;
  if (isEnough && state !== 'signedOut') return;
  try {
    const token = await tokenFrom(words.token);
    if (state === 'signedOut') await show('idle');
    if (isEnough) return;
    const { status, said } = await ask(words.numbers.replace('REFERENCE', current.reference), { csrf_token: token, combien: wanted });
    if (status !== 200) {
      alertOf(said.sentence ?? words.textFailed);
      return;
    }
    await reserve(said.unit, said.numbers);
    const isOther = said.unit !== current.unit;
    const number = isOther || !current.number ? await takeNumber(said.unit) : current.number;
    await change({ unit: said.unit, called: said.called, number, taken: isOther ? 0 : current.taken });
  } catch (halt) {
    if (halt.sentence) alertOf(halt.sentence);
    await show(halt.message, halt.sentence);
  }
};

const begin = async () => {
  alertOfUnkept(await whyClosed());
  const reference = new URLSearchParams(location.search).get('affaire');
  current = (await recall('current')) ?? null;
  if (reference && /^[\w-]{1,64}$/.test(reference) && reference !== current?.reference) {
    // A number in hand that has no photo yet serves the other case too; one that has some stays with its own.
    const kept = current?.taken === 0 ? current : { unit: current?.unit, order: current?.order };
    current = { taken: 0, ...kept, reference, called: '' };
    if (current.unit && !current.number) current.number = await takeNumber(current.unit);
    alertOfUnkept(await remember('current', current));
  }
  showObject();
  await show();
  await fillReserve();
  navigator.storage?.persist?.();
  await send();
};

for (const input of [camera, chosen]) input.addEventListener('change', () => takeAll(input));
part('next').addEventListener('click', nextObject);
const again = () => fillReserve().then(send);
window.addEventListener('online', again);
window.addEventListener('offline', () => show('offline'));
document.addEventListener('visibilitychange', async () => {
  if (document.hidden) return;
  const before = current;
  const recalled = await recall('current');
  // The photo for which the camera was opened may have come meanwhile.
  if (current === before) current = recalled ?? current;
  showObject();
  again();
});
window.addEventListener('beforeunload', (event) => { if (isOnlyHere()) event.preventDefault(); });
begin();
