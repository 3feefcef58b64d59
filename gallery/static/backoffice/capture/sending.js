// Sends what waits in the telephone, three photos at a time, as often as it takes. Asks first which ones are missing, so that
// what had arrived before the line broke is not sent twice.
import { isStopping } from '../sentence.js';
import { allPhotos, forgetPhoto, isRefused, isStillHere, setAside } from './store.js';

const AT_ONCE = 3;
const ASKED_AT_ONCE = 200;
const CREATED = 201;
const PAUSES = [2000, 5000, 10000, 30000, 60000];
const JSON_WANTED = { Accept: 'application/json' };

// Why nothing goes now: 'offline', 'later', 'signedOut', or 'stopped' with the service's sentence.
class Halt extends Error {
  constructor(state, sentence = '') {
    super(state);
    this.sentence = sentence;
  }
}

const isPassing = (status) => status >= 500 || [408, 429].includes(status);

export const ask = async (address, fields, signal) => {
  const body = fields && new FormData();
  for (const [name, value] of Object.entries(fields ?? {})) body.append(name, value);
  let answer;
  try {
    answer = await fetch(address, { method: body ? 'POST' : 'GET', body, headers: JSON_WANTED, cache: 'no-store', signal });
  } catch {
    throw new Halt(navigator.onLine ? 'later' : 'offline');
  }
  if (answer.status === 401) throw new Halt('signedOut');
  if (isPassing(answer.status)) throw new Halt('later');
  const said = await answer.json().catch(() => ({}));
  if (isStopping(said.again)) throw new Halt('stopped', said.sentence);
  return { status: answer.status, said };
};

export const tokenFrom = async (address) => (await ask(address)).said.csrf_token;

// words: the page's addresses and sentences; tell: learns the state each time something changes. Gives two acts: send whatever
// waits, and send a photo no more, by its id.
export const sender = (words, tell) => {
  let isRunning = false;
  let isWanted = false;
  let failures = 0;
  let timer = 0;
  const onTheirWay = new Map();

  const sendFile = async (photo, token, isSecond = false) => {
    // The file comes last: the service looks at what stands before it first.
    const fields = { csrf_token: token, numero: photo.number, photos: new File([photo.file], photo.name, { type: photo.file.type }) };
    const { status, said } = await ask(words.photos.replace('REFERENCE', photo.reference), fields, onTheirWay.get(photo.id).signal);
    if (said.again === 'token' && !isSecond) await sendFile(photo, await tokenFrom(words.token), true);
    else if (status === CREATED) await forgetPhoto(photo.id);
    else await setAside(photo, said.sentence ?? words.textFailed);
  };

  // Somebody may have removed it since it was looked up, or remove it now.
  const sendOne = async (photo, token) => {
    const removal = new AbortController();
    onTheirWay.set(photo.id, removal);
    try {
      if (await isStillHere(photo.id)) await sendFile(photo, token);
    } catch (error) {
      if (!removal.signal.aborted) throw error;
    } finally {
      onTheirWay.delete(photo.id);
    }
    failures = 0;
    tell('sending');
  };

  const stopSending = (id) => onTheirWay.get(id)?.abort();

  const compare = async (photos, token) => {
    const digests = photos.map((photo) => photo.sha256).filter(Boolean);
    if (digests.length < photos.length) return photos;
    const address = words.missing.replace('REFERENCE', photos[0].reference);
    const { status, said } = await ask(address, { csrf_token: token, empreintes: digests.join(' ') });
    if (status !== 200) return photos;
    for (const photo of photos) {
      if (said.refused[photo.sha256]) await setAside(photo, said.refused[photo.sha256]);
      else if (!said.missing.includes(photo.sha256)) await forgetPhoto(photo.id);
    }
    return photos.filter((photo) => said.missing.includes(photo.sha256));
  };

  const sendSome = async (photos, token) => {
    const left = await compare(photos, token);
    const next = async () => { while (left.length) await sendOne(left.shift(), token); };
    const results = await Promise.allSettled(Array.from({ length: AT_ONCE }, next));
    const failed = results.find((each) => each.status === 'rejected');
    if (failed) throw failed.reason;
  };

  const sendAll = async () => {
    const waiting = (await allPhotos()).filter((photo) => !isRefused(photo));
    if (waiting.length === 0) return false;
    tell('sending');
    const token = await tokenFrom(words.token);
    let stopped;
    for (const reference of new Set(waiting.map((photo) => photo.reference))) {
      const photos = waiting.filter((photo) => photo.reference === reference);
      try {
        for (let from = 0; from < photos.length; from += ASKED_AT_ONCE) await sendSome(photos.slice(from, from + ASKED_AT_ONCE), token);
      } catch (error) {
        // One case is full; the next one may have room.
        if (error.message !== 'stopped') throw error;
        stopped = error;
      }
    }
    if (stopped) throw stopped;
    return true;
  };

  // Two pages of one telephone send one after the other.
  const inTurn = () => (navigator.locks ? navigator.locks.request('capturer-envoi', sendAll) : sendAll());

  const run = async () => {
    isWanted = true;
    if (isRunning) return;
    isRunning = true;
    clearTimeout(timer);
    try {
      while (isWanted) {
        isWanted = false;
        // Where nothing was sent, nothing is known of the line or the session.
        if (await inTurn()) tell('idle');
      }
      failures = 0;
    } catch (error) {
      tell(error instanceof Halt ? error.message : 'later', error.sentence);
      timer = setTimeout(run, PAUSES[Math.min(failures, PAUSES.length - 1)]);
      failures += 1;
    }
    isRunning = false;
  };
  return { send: run, stopSending };
};
