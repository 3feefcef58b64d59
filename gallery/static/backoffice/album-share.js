// On a phone: the album's photos go to another application, ten at a time, where the browser can do it.
import '../oldest.js';
import { submitBy } from '../submitting.js';
import { tell } from './telling.js';

const CONFLICT = 409;
class Changed extends Error {}

(() => {
  const form = document.getElementById('album');
  const button = form.querySelector('[data-share]');
  const probe = new File([new Uint8Array(1)], 'photo.jpg', { type: 'image/jpeg' });
  if (!navigator.canShare?.({ files: [probe] }) || !matchMedia('(pointer: coarse)').matches) return;
  const words = button.textContent;
  const AT_ONCE = 10;
  let ready = [];
  let next = 0;
  let noted = false;
  let version = 0;
  button.hidden = false;

  // Of all pages of the album, in its order, named as in the package.
  const photos = () => [...form.querySelectorAll('[name=objet]')]
    .flatMap((item) => item.dataset.photos.split(' ').map((id, place) => ({ id, name: `${item.value}_${place + 1}.jpg` })))
    .map(({ id, name }, index) => ({ address: form.dataset.photoAddress.replace('PHOTO', id), name: `${String(index + 1).padStart(4, '0')}_${name}` }));
  const range = (pattern, first, last, total) => pattern.replace('{first}', first).replace('{last}', last).replace('{total}', total);

  // What was prepared is of the album as it was: "album-changed" tells of what scripts move or remove.
  function forget() {
    version += 1;
    ready = [];
    next = 0;
    noted = false;
    button.textContent = words;
  }
  ['input', 'change', 'album-changed'].forEach((name) => form.addEventListener(name, forget));

  // A program that asks is told why not, where a browser would be led to the page that signs in.
  async function asked(address, more) {
    const answer = await fetch(address, { headers: { Accept: 'application/json' }, ...more });
    if (answer.status === CONFLICT) throw new Changed();
    if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).sentence);
    return answer;
  }

  // The text of the album names its page, which exists once the album is noted.
  async function note() {
    if (noted) return;
    const before = version;
    await asked(form.dataset.note, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
    noted = before === version;
  }

  async function fetched({ address, name }) {
    const photo = await (await asked(address)).blob();
    if (!photo.type.startsWith('image/')) throw new Error(button.dataset.failed);
    return new File([photo], name, { type: 'image/jpeg' });
  }

  function shareable(files) {
    const withWords = { files, title: form.elements.titre.value, text: form.elements.texte.value };
    return navigator.canShare(withWords) ? withWords : { files };
  }

  // The preview comes anew where it is no longer true; a lost line has no sentence of its own.
  function explain(fault) {
    if (fault instanceof Changed) submitBy(form);
    else tell((fault instanceof TypeError ? '' : fault.message) || button.dataset.failed);
  }

  async function prepare(all) {
    const before = version;
    button.disabled = true;
    button.textContent = '…';
    try {
      await note();
      const files = await Promise.all(all.slice(next, next + AT_ONCE).map(fetched));
      if (before !== version) return;
      ready = files;
      button.textContent = range(button.dataset.ready, next + 1, next + files.length, all.length);
    } catch (fault) {
      button.textContent = words;
      explain(fault);
    } finally {
      button.disabled = false;
    }
  }

  async function share(all) {
    const before = version;
    const count = ready.length;
    try {
      await navigator.share(shareable(ready));
    } catch (fault) {
      // Whoever sends nothing after all knows it.
      if (fault.name !== 'AbortError') tell(button.dataset.failed);
      return;
    }
    if (before !== version) return;
    ready = [];
    next = next + count < all.length ? next + count : 0;
    button.textContent = next ? range(button.dataset.following, next + 1, Math.min(next + AT_ONCE, all.length), all.length) : words;
  }

  // Sharing needs a touch that is fresh: photos are fetched at the first, and shared at the next one.
  button.addEventListener('click', () => (ready.length ? share : prepare)(photos()));
})();
