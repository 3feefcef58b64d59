// The photos of a search on their way: sent with a fresh token when it is their turn, with progress, until another search takes over.
import { prepare } from '../patience.js';
import { reduced } from './reduce.js';

const MAX_ATTEMPTS = 10;
const PAUSE = 4000;
const TOO_MANY = 429;

// Throws once an answer is no longer wanted, as throwIfAborted does, which Chrome has since 100.
export const stopIfGivenUp = (signal) => {
  if (signal.aborted) throw new Error('given up');
};

// The page, or null where a proxy before the service has not let it in: too much comes from this address at once.
const send = (address, form, body, { say, progress, signal }) => new Promise((resolve, reject) => {
  const request = new XMLHttpRequest();
  request.open('POST', address);
  request.responseType = 'document';
  request.upload.addEventListener('progress', (event) => {
    progress(event.loaded / event.total);
    say(form.dataset.textSending);
  });
  request.upload.addEventListener('load', () => {
    progress(null);
    say(form.dataset.textComparing);
  });
  request.addEventListener('load', () => {
    if (request.status === TOO_MANY && !request.response?.querySelector('[data-error]')) resolve(null);
    else if (request.response) resolve(request.response);
    else reject(new Error('no page'));
  });
  for (const name of ['error', 'abort']) request.addEventListener(name, () => reject(new Error(name)));
  signal.addEventListener('abort', () => request.abort());
  request.send(body);
});

// The page that answers a form, sent to an address with what `fill` adds. say: shows a sentence; progress: a share, or null where nobody knows;
// signal: aborted when the answer is no longer wanted, and then this rejects.
export const sent = async (form, address, fill, { say, progress, signal }) => {
  let page = null;
  // Sent again while the answer is that it is not yet our turn, or that the form was open for too long.
  for (let left = MAX_ATTEMPTS; left > 0; left -= 1) {
    await prepare(form, say, signal);
    stopIfGivenUp(signal);
    const body = new FormData(form);
    body.delete('photos');
    fill(body);
    page = await send(address, form, body, { say, progress, signal });
    const again = page?.querySelector('[data-again]');
    if (page && !again) break;
    progress(null);
    say(again?.textContent ?? form.dataset.textCrowded);
    if (!page) await new Promise((resolve) => { setTimeout(resolve, PAUSE); });
  }
  if (!page) throw new Error('not let in');
  return page;
};

// The page that answers these photos: [{ file, box }].
export const answerTo = async (form, chosen, { say, progress, signal }) => {
  say(form.dataset.textPreparing);
  progress(null);
  const photos = [];
  for (const { file, box } of chosen) photos.push({ photo: await reduced(file), name: file.name, box });
  return sent(form, form.action, (body) => {
    for (const { photo, name, box } of photos) {
      body.append('photos', photo, name);
      body.append('cadres', box ? box.map((side) => side.toFixed(4)).join(',') : '');
    }
  }, { say, progress, signal });
};
