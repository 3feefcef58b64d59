// The photos of a search on their way: sent with a fresh token when it is their turn, with progress, until another search takes over.
import { prepare } from '../patience.js';
import { reduced } from './reduce.js';

const MAX_ATTEMPTS = 10;

const send = (form, body, { say, progress, signal }) => new Promise((resolve, reject) => {
  const request = new XMLHttpRequest();
  request.open('POST', form.action);
  request.responseType = 'document';
  request.upload.addEventListener('progress', (event) => {
    progress(event.loaded / event.total);
    say(form.dataset.textSending);
  });
  request.upload.addEventListener('load', () => {
    progress(null);
    say(form.dataset.textComparing);
  });
  request.addEventListener('load', () => (request.response ? resolve(request.response) : reject(new Error('no page'))));
  for (const name of ['error', 'abort']) request.addEventListener(name, () => reject(new Error(name)));
  signal.addEventListener('abort', () => request.abort());
  request.send(body);
});

// The page that answers these photos: [{ file, box }]. say: shows a sentence; progress: a share, or null where nobody knows;
// signal: aborted when the answer is no longer wanted, and then this rejects.
export const answerTo = async (form, chosen, { say, progress, signal }) => {
  const tell = (sentence) => { if (!signal.aborted) say(sentence); };
  tell(form.dataset.textPreparing);
  progress(null);
  const photos = [];
  for (const { file, box } of chosen) photos.push({ photo: await reduced(file), name: file.name, box });
  let page;
  // Sent again while the answer is that it is not yet our turn, or that the form was open for too long.
  for (let left = MAX_ATTEMPTS; left > 0; left -= 1) {
    await prepare(form, tell, signal);
    signal.throwIfAborted();
    const body = new FormData(form);
    body.delete('photos');
    for (const { photo, name, box } of photos) {
      body.append('photos', photo, name);
      body.append('cadres', box ? box.map((side) => side.toFixed(4)).join(',') : '');
    }
    page = await send(form, body, { say: tell, progress, signal });
    const again = page.querySelector('[data-again]');
    if (!again) break;
    progress(null);
    tell(again.textContent);
  }
  return page;
};
