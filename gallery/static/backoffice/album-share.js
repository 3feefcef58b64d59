// On a phone: the album's photos go to another application, ten at a time, where the browser can do it.
(() => {
  const button = document.querySelector('[data-share]');
  const probe = new File([new Uint8Array(1)], 'photo.jpg', { type: 'image/jpeg' });
  if (!navigator.canShare?.({ files: [probe] }) || !matchMedia('(pointer: coarse)').matches) return;
  const words = button.textContent;
  const AT_ONCE = 10;
  let ready = [];
  let next = 0;
  button.hidden = false;

  // Of all pages of the album, in its order.
  const form = document.getElementById('album');
  const photos = () => [...form.querySelectorAll('[name=objet]')].flatMap((item) =>
    item.dataset.photos.split(' ').map((id, place) => ({ address: form.dataset.photoAddress.replace('PHOTO', id), name: `${item.value}_${place + 1}.jpg` })));

  // The text of the album names its page, which exists once the album is noted.
  async function note() {
    const form = document.getElementById('album');
    const answer = await fetch(form.dataset.note, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
    if (!answer.ok) throw new Error('not noted');
  }

  async function fetched({ address, name }) {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(name);
    return new File([await answer.blob()], name, { type: 'image/jpeg' });
  }

  // Sharing needs a touch that is fresh: photos are fetched at the first, and shared at the next one.
  button.addEventListener('click', async () => {
    const all = photos();
    if (ready.length) {
      const files = ready;
      ready = [];
      try {
        await navigator.share({ files });
        next += files.length;
      } catch {
        ready = files;
        return;
      }
      if (next >= all.length) next = 0;
      button.textContent = next ? `${words} (${next}/${all.length})` : words;
      return;
    }
    button.disabled = true;
    button.textContent = '…';
    try {
      if (next === 0) await note();
      ready = await Promise.all(all.slice(next, next + AT_ONCE).map(fetched));
      button.textContent = `${words} (${next + 1}–${next + ready.length}/${all.length})`;
    } catch {
      button.textContent = words;
    } finally {
      button.disabled = false;
    }
  });
})();
