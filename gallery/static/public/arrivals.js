// Ways by which a picture comes to the search besides being chosen: pasted, dragged from another page, shared by the telephone.
// Nothing is fetched from elsewhere: what the browser gives no bytes of is refused in words.
import { whenPasted } from './pasting.js';

const INLINE = /data:image\/(png|jpeg|webp|gif);base64,([A-Za-z0-9+/=]+)/;
const PICTURE = /<img\b/i;
const ADDRESS = /^\s*https?:\/\/\S+\s*$/i;
const ANSWER_MILLISECONDS = 15000;

// A picture that lies whole in what was dropped or pasted, as search engines show their small ones.
const inlined = (data) => {
  const [, kind, text] = INLINE.exec(`${data.getData('text/uri-list')} ${data.getData('text/html')}`) ?? [];
  if (!text) return null;
  return new File([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], `image.${kind}`, { type: `image/${kind}` });
};

const isElsewhere = (data) => PICTURE.test(data.getData('text/html')) || ADDRESS.test(data.getData('text/plain'));

export const takePasted = (take, refuse) => {
  whenPasted((event, files) => {
    const inline = files.length ? null : inlined(event.clipboardData);
    if (files.length || inline) {
      event.preventDefault();
      take(inline ? [inline] : files);
    } else if (isElsewhere(event.clipboardData) && !event.target.closest?.('input, textarea')) {
      refuse();
    }
  });
};

// refuse: told of a picture of which the browser gives the address only.
export const takeFromPages = (zone, take, refuse) => {
  const isAddress = ({ dataTransfer: { types } }) => !types.includes('Files') && types.includes('text/uri-list');
  for (const name of ['dragenter', 'dragover']) {
    zone.addEventListener(name, (event) => {
      if (!isAddress(event)) return;
      event.preventDefault();
      zone.classList.add('is-over');
    });
  }
  zone.addEventListener('drop', (event) => {
    if (!isAddress(event)) return;
    event.preventDefault();
    zone.classList.remove('is-over');
    const file = inlined(event.dataTransfer);
    if (file) take([file]);
    else refuse();
  });
};

// The photos that the telephone has shared, held by the service worker; null where the page was not opened by sharing.
export const sharedPhotos = async () => {
  if (!new URLSearchParams(location.search).has('partage')) return null;
  history.replaceState(null, '', location.pathname);
  const active = (await navigator.serviceWorker?.getRegistration())?.active;
  if (!active) return [];
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
    setTimeout(resolve, ANSWER_MILLISECONDS, []);
    active.postMessage('partage', [port2]);
  });
};

// The address of a photo that this browser can't show (HEIC, mostly), made by the service for this page only; empty where it
// can't be had, and on a slow line, where the search needs all of it.
const madeByService = async (form, file, token) => {
  const line = navigator.connection;
  if (line && (line.saveData || line.effectiveType !== '4g')) return '';
  try {
    await token(form);
    const body = new FormData();
    body.append('csrf_token', form.elements.csrf_token.value);
    body.append('photos', file);
    const answer = await fetch(form.dataset.preview, { method: 'POST', body, headers: { Accept: 'image/jpeg' } });
    return answer.ok ? URL.createObjectURL(await answer.blob()) : '';
  } catch {
    return '';
  }
};

// One after the other: all at once they would take the search's place, since of one address only so many are let in.
let before = Promise.resolve();
export const shownByService = (form, file, token) => {
  before = before.then(() => madeByService(form, file, token));
  return before;
};
