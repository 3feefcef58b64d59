// Search by photo without leaving the page: previews, smaller files, progress, one's own photo beside each object found.
// The photos stay in this page between searches. Without this script the same form answers with a page of results.
import { takeDrops } from '../drop-zone.js';
import { element } from '../element.js';
import { freshToken, prepare } from '../patience.js';
import { sharedPhotos, shownByService, takeFromPages, takePasted } from './arrivals.js';
import { reduced } from './reduce.js';
import { enhance } from './results.js';

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
const MAX_ATTEMPTS = 10;
const chosen = [];

const say = (sentence) => { status.textContent = sentence; };

// What a device can't show (HEIC on most computers) is named until the service has made a picture of it.
const pictureOf = (photo, alt) => {
  const frame = element('div', { class: 'frame' });
  const image = element('img', { src: photo.address, alt });
  image.addEventListener('error', async () => {
    frame.replaceChildren(element('span', {}, `${words.textUnseen} ${photo.file.name}`));
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

const buttonFor = (act, whose) => element('button', { type: 'button', class: 'btn btn-outline-primary', 'aria-label': `${act} : ${whose}` }, act);

const drawPreviews = () => {
  previews.replaceChildren(...chosen.map((photo, place) => {
    const remove = buttonFor(words.textRemove, photoName(place));
    remove.dataset.remove = '';
    remove.addEventListener('click', () => {
      URL.revokeObjectURL(photo.address);
      chosen.splice(place, 1);
      drawPreviews();
      say(howMany());
      (previews.querySelectorAll('[data-remove]')[Math.min(place, chosen.length - 1)] ?? field).focus();
    });
    const box = buttonFor(photo.box ? words.textBoxDone : words.textBox, photoName(place));
    box.addEventListener('click', async () => {
      const { askForBox } = await import(words.boxScript);
      const drawn = await askForBox(photo.address, photoName(place), words.cropper, photo.box);
      if (drawn !== undefined) photo.box = drawn;
      drawPreviews();
      previews.children[place]?.querySelector('button').focus();
    });
    const shown = pictureOf(photo, photoName(place));
    shown.querySelector('img').addEventListener('error', async () => {
      box.hidden = true;
      box.hidden = !await photo.shown;
    });
    return element('li', {}, shown, box, remove);
  }));
};

const isKnown = (file) => chosen.some(({ file: other }) => other.name === file.name && other.size === file.size && other.lastModified === file.lastModified);

const add = (files) => {
  accept();
  const fresh = files.filter((file) => !isKnown(file));
  for (const file of fresh.slice(0, limit - chosen.length)) chosen.push({ file, address: URL.createObjectURL(file) });
  drawPreviews();
  say(chosen.length === limit && fresh.length && !isKnown(fresh.at(-1)) ? words.textTooMany : howMany());
};

const showProgress = (share) => {
  progress.hidden = false;
  if (share === null) progress.removeAttribute('value');
  else progress.value = Math.round(100 * share);
};

const send = (body) => new Promise((resolve, reject) => {
  const request = new XMLHttpRequest();
  request.open('POST', form.action);
  request.responseType = 'document';
  request.upload.addEventListener('progress', (event) => {
    showProgress(event.loaded / event.total);
    say(words.textSending);
  });
  request.upload.addEventListener('load', () => {
    showProgress(null);
    say(words.textComparing);
  });
  request.addEventListener('load', () => (request.response ? resolve(request.response) : reject(new Error('no page'))));
  request.addEventListener('error', () => reject(new Error('no answer')));
  request.send(body);
});

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
  declaring.requestSubmit();
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
  takeAlong(results.querySelector('[data-declare]'));
  enhance(results, (place) => chosen[place] && { picture: pictureOf(chosen[place], photoName(place)), caption: photoName(place) });
  const token = page.querySelector('#search-form [name=csrf_token]');
  if (token) form.elements.csrf_token.value = token.value;
  const heading = results.querySelector('[data-results-heading]') ?? results;
  heading.setAttribute('tabindex', '-1');
  heading.focus();
  heading.scrollIntoView();
};

// Sent again while the answer is that it is not yet our turn, or that the form was open for too long.
const sendInTurn = async (photos) => {
  let page;
  for (let left = MAX_ATTEMPTS; left > 0; left -= 1) {
    await prepare(form, say);
    const body = new FormData(form);
    body.delete('photos');
    for (const { photo, name, box } of photos) {
      body.append('photos', photo, name);
      body.append('cadres', box ? box.map((side) => side.toFixed(4)).join(',') : '');
    }
    page = await send(body);
    const again = page.querySelector('[data-again]');
    if (!again) break;
    showProgress(null);
    say(again.textContent);
  }
  return page;
};

const search = async () => {
  say(words.textPreparing);
  showProgress(null);
  const photos = [];
  for (const { file, box } of chosen) photos.push({ photo: await reduced(file), name: file.name, box });
  const page = await sendInTurn(photos);
  say(page.getElementById('search-results') ? words.textDone : '');
  show(page);
};

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  if (button.getAttribute('aria-disabled') === 'true') return;
  if (!chosen.length) {
    refuse(words.textNone);
    return;
  }
  button.setAttribute('aria-disabled', 'true');
  try {
    await search();
  } catch {
    say(words.textFailed);
  }
  progress.hidden = true;
  button.removeAttribute('aria-disabled');
});

for (const input of [field, camera]) {
  input.addEventListener('change', () => {
    add([...input.files]);
    input.value = '';
  });
}

takeDrops(zone, add);
takePasted(add);
takeFromPages(zone, add, () => refuse(words.textNoBytes));
sharedPhotos().then((photos) => {
  if (photos?.length) {
    add(photos);
    form.requestSubmit();
  } else if (photos) {
    say(words.textNotShared);
  }
});

// What was chosen before this script had come, on a slow line, or was kept by a browser that goes back.
if (field.files.length) add([...field.files]);
field.value = '';
form.classList.add('is-enhanced');
form.querySelector('[data-picker]').className = 'btn btn-outline-primary';
if (matchMedia('(pointer: coarse)').matches) {
  camera.disabled = false;
  camera.hidden = false;
  form.querySelector('[data-camera]').hidden = false;
} else {
  form.querySelector('[data-picker]').className = 'btn btn-primary';
}
