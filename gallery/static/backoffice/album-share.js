// On a phone: the album's photos go to another application, ten at a time, where the browser can do it.
import '../oldest.js';

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

  // The text of the album names its page, which exists once the album is noted.
  async function note() {
    if (noted) return;
    const asked = version;
    const answer = await fetch(form.dataset.note, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
    if (!answer.ok) throw new Error('not noted');
    noted = asked === version;
  }

  async function fetched({ address, name }) {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(name);
    return new File([await answer.blob()], name, { type: 'image/jpeg' });
  }

  function shareable(files) {
    const withWords = { files, title: form.elements.titre.value, text: form.elements.texte.value };
    return navigator.canShare(withWords) ? withWords : { files };
  }

  async function prepare(all) {
    const asked = version;
    button.disabled = true;
    button.textContent = '…';
    try {
      await note();
      const files = await Promise.all(all.slice(next, next + AT_ONCE).map(fetched));
      if (asked !== version) return;
      ready = files;
      button.textContent = range(button.dataset.ready, next + 1, next + files.length, all.length);
    } catch {
      button.textContent = words;
    } finally {
      button.disabled = false;
    }
  }

  async function share(all) {
    const asked = version;
    const count = ready.length;
    try {
      await navigator.share(shareable(ready));
    } catch {
      return;
    }
    if (asked !== version) return;
    ready = [];
    next = next + count < all.length ? next + count : 0;
    button.textContent = next ? range(button.dataset.following, next + 1, Math.min(next + AT_ONCE, all.length), all.length) : words;
  }

  // Sharing needs a touch that is fresh: photos are fetched at the first, and shared at the next one.
  button.addEventListener('click', () => (ready.length ? share : prepare)(photos()));
})();
