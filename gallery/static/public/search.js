// Search by photo without leaving the page: choosing photos starts it, and so does every change of them; one's own photo stands
// beside each object found. The photos stay in this page. Without this script the same form answers with a page of results.
import { canDrawBoxes } from '../oldest.js';
import { takeDrops } from '../drop-zone.js';
import { element } from '../element.js';
import { freshToken } from '../patience.js';
import { submitBy } from '../submitting.js';
import { sharedPhotos, shownByService, takeFromPages, takePasted } from './arrivals.js';
import { offerOwnWay } from './own-way.js';
import { reduced } from './reduce.js';
import { enhance } from './results.js';
import { answerTo, stopIfGivenUp } from './sending.js';

const form = document.getElementById('search-form');
const results = document.getElementById('search-results');
const words = form.dataset;
const field = form.querySelector('#photos');
const camera = form.querySelector('#camera');
const zone = form.querySelector('[data-drop]');
const previews = form.querySelector('[data-previews]');
const status = form.querySelector('[data-status]');
const progress = form.querySelector('[data-progress]');
const button = form.querySelector('[data-submit]');
const limit = Number(words.maxPhotos);
const chosen = [];
let underWay = null;
let notice = '';

const say = (sentence) => { status.textContent = sentence; };

// What a device can't show (HEIC on most computers) is named until the service has made a picture of it.
const pictureOf = (photo, alt) => {
  const frame = element('div', { class: 'frame' });
  const image = element('img', { src: photo.address, alt });
  image.addEventListener('error', async () => {
    frame.replaceChildren(element('span', {}, `${words.textUnseen} ${photo.file.name}`));
    if (staysHere()) return;
    photo.shown ??= shownByService(form, photo.file, freshToken);
    const address = await photo.shown;
    if (!address) return;
    photo.address = address;
    frame.replaceChildren(element('img', { src: address, alt }));
  });
  frame.append(image);
  return frame;
};

const named = (text, number) => text.replace('{n}', number);
const howMany = () => (chosen.length === 1 ? words.textOneAdded : named(words.textAdded, chosen.length));
// A number helps only where there are several.
const photoName = (place) => (chosen.length > 1 ? named(words.textPhoto, place + 1) : words.textOwn);

// WCAG 3.3.1: what is wrong belongs to the field.
const refuse = (sentence) => {
  say(sentence);
  field.setAttribute('aria-invalid', 'true');
  field.setAttribute('aria-describedby', 'photos-aide search-status');
  field.focus();
};

const accept = () => {
  field.removeAttribute('aria-invalid');
  field.setAttribute('aria-describedby', 'photos-aide');
};

const buttonFor = (act, whose, attributes, text = act) => (
  element('button', { type: 'button', 'aria-label': `${act} : ${whose}`, ...attributes }, text)
);

// What was found for other photos, or is still being looked for, is no answer any more.
const leaveResults = () => {
  underWay?.abort();
  // One that only went would leave its step in the browser's history.
  results.querySelector('dialog[open]')?.close();
  results.replaceChildren();
};

const remove = (place) => {
  URL.revokeObjectURL(chosen[place].address);
  chosen.splice(place, 1);
  drawPreviews();
  (previews.querySelectorAll('[data-remove]')[Math.min(place, chosen.length - 1)] ?? field).focus();
  if (chosen.length) {
    search();
  } else {
    leaveResults();
    say(words.textRemoved);
  }
};

const askForBoxOf = async (photo, place) => {
  let drawn;
  try {
    const { askForBox } = await import(words.boxScript);
    drawn = await askForBox(photo.address, photoName(place), words.cropper, photo.box);
  } catch {
    say(words.textNoBox);
    return;
  }
  if (drawn !== undefined) photo.box = drawn;
  drawPreviews();
  previews.children[place]?.querySelector('[data-box]').focus();
  if (drawn !== undefined) search();
};

const drawPreviews = () => {
  previews.replaceChildren(...chosen.map((photo, place) => {
    const cross = buttonFor(words.textRemove, photoName(place), { class: 'remove', 'data-remove': '' }, '✕');
    cross.addEventListener('click', () => remove(place));
    const box = buttonFor(photo.box ? words.textBoxDone : words.textBox, photoName(place), { class: 'btn btn-outline-primary', 'data-box': '' });
    box.hidden = !canDrawBoxes;
    box.addEventListener('click', () => askForBoxOf(photo, place));
    const shown = pictureOf(photo, photoName(place));
    shown.querySelector('img').addEventListener('error', async () => {
      box.hidden = true;
      box.hidden = !(canDrawBoxes && await photo.shown);
    });
    return element('li', {}, shown, box, cross);
  }));
  button.hidden = !chosen.length;
  form.classList.toggle('has-photos', chosen.length > 0);
};

const isKnown = (file) => chosen.some(({ file: other }) => other.name === file.name && other.size === file.size && other.lastModified === file.lastModified);

const add = (files) => {
  accept();
  const fresh = files.filter((file) => !isKnown(file));
  const taken = fresh.slice(0, limit - chosen.length);
  for (const file of taken) chosen.push({ file, address: URL.createObjectURL(file) });
  drawPreviews();
  notice = taken.length < fresh.length ? words.textTooMany : '';
  zone.scrollIntoView({ block: 'nearest' });
  if (taken.length) search();
  else say(notice || howMany());
};

const showProgress = (share) => {
  progress.hidden = false;
  if (share === null) progress.removeAttribute('value');
  else progress.value = Math.round(100 * share);
};

const ownFigure = (photo, place) => {
  const caption = element('figcaption', {}, photoName(place));
  return element('figure', {}, pictureOf(photo, ''), caption);
};

const showOwnPhotos = () => {
  for (const slot of results.querySelectorAll('[data-own-photo]')) {
    const place = Number(slot.dataset.ownPhoto);
    const pair = slot.parentElement;
    if (chosen[place]) slot.replaceWith(ownFigure(chosen[place], place));
    for (const caption of pair.querySelectorAll('[data-their-caption]')) caption.hidden = false;
  }
};

// Who declares what was not found need not choose the photos again: they are in this page, and in no other place.
const takeAlong = (declaring) => declaring?.addEventListener('submit', async (event) => {
  if (declaring.dataset.isReady !== undefined) return;
  event.preventDefault();
  const files = new DataTransfer();
  for (const { file } of chosen) files.items.add(new File([await reduced(file)], file.name, { type: 'image/jpeg' }));
  declaring.elements.photos.files = files.files;
  declaring.dataset.isReady = '';
  submitBy(declaring);
});

const show = (page) => {
  const answer = page.getElementById('search-results');
  const error = page.querySelector('[data-error]');
  if (answer) {
    results.replaceChildren(...answer.childNodes);
  } else {
    const message = element('div', { class: 'message message-warning', role: 'alert' }, element('p', {}, error?.textContent ?? words.textFailed));
    results.replaceChildren(message);
  }
  showOwnPhotos();
  if (!staysHere()) takeAlong(results.querySelector('[data-declare]'));
  enhance(results, (place) => chosen[place] && { picture: pictureOf(chosen[place], photoName(place)), caption: photoName(place) });
  const token = page.querySelector('#search-form [name=csrf_token]');
  if (token) form.elements.csrf_token.value = token.value;
  button.textContent = words.textAgain;
};

// Whoever has gone on meanwhile, to draw a box or to write, stays there. from: what had the focus when the search began.
const goToResults = (from) => {
  if (![from, document.body].includes(document.activeElement)) return;
  const heading = results.querySelector('[data-results-heading]') ?? results;
  heading.setAttribute('tabindex', '-1');
  heading.focus({ preventScroll: true });
  heading.scrollIntoView();
};

// What a search says of itself, until it is given up.
const until = (signal, tell) => (what) => { if (!signal.aborted) tell(what); };

const givenUp = (signal) => new Promise((_, reject) => {
  signal.addEventListener('abort', () => reject(new Error('given up')));
});

const answered = async (signal) => {
  const photos = [...chosen];
  const answer = staysHere() ? (await import(words.fingerprintScript)).answerHere : answerTo;
  return answer(form, photos, { say: until(signal, say), progress: until(signal, showProgress), signal });
};

const search = async () => {
  leaveResults();
  const mine = new AbortController();
  underWay = mine;
  const from = document.activeElement;
  button.setAttribute('aria-disabled', 'true');
  try {
    const page = await Promise.race([answered(mine.signal), givenUp(mine.signal)]);
    stopIfGivenUp(mine.signal);
    say([notice, page.getElementById('search-results') ? words.textDone : ''].filter(Boolean).join(' '));
    show(page);
    goToResults(from);
  } catch ({ sentence }) {
    if (!mine.signal.aborted) say(sentence ?? words.textFailed);
  }
  if (underWay !== mine) return;
  underWay = null;
  progress.hidden = true;
  button.removeAttribute('aria-disabled');
};

form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (button.getAttribute('aria-disabled') === 'true') return;
  if (chosen.length) search();
  else refuse(words.textNone);
});

for (const input of [field, camera]) {
  input.addEventListener('change', () => {
    add([...input.files]);
    input.value = '';
  });
}

takeDrops(zone, add);
const refuseAddress = () => refuse(words.textNoBytes);
takePasted(add, refuseAddress);
takeFromPages(zone, add, refuseAddress);
sharedPhotos().then((photos) => {
  if (photos?.length) {
    add(photos);
  } else if (photos) {
    say(words.textNotShared);
  }
});

const staysHere = offerOwnWay(form, () => {
  leaveResults();
  say('');
});

form.classList.add('is-enhanced');
// Said by this script where there is none.
field.required = false;
button.hidden = true;
if (matchMedia('(pointer: coarse)').matches) {
  camera.disabled = false;
  camera.hidden = false;
}
// What was chosen before this script had come, on a slow line, or was kept by a browser that goes back.
if (field.files.length) add([...field.files]);
field.value = '';
