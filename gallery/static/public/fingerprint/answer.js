// The search of which the photos stay on the device: what is sent are numbers that a worker makes of them.
import { sent, stopIfGivenUp } from '../sending.js';
import { pictureOf } from './picture.js';

// A promise of the worker with its model, the worker once it has it, and who is told how much of the model has come.
let ready = null;
let loaded = null;
let heard = () => {};
// The end of the last search: they are described one after the other.
let turn = Promise.resolve();

// Why nothing was sent, in a sentence for the visitor.
const notDescribed = (sentence) => Object.assign(new Error(sentence), { sentence });

// Asks a worker one thing after the other.
const ask = (worker, question) => new Promise((resolve, reject) => {
  worker.onmessage = ({ data }) => {
    if (data.failed) reject(new Error(data.failed));
    else if (data.loaded === undefined) resolve(data);
    else heard(data.total ? data.loaded / data.total : null);
  };
  worker.onerror = () => reject(new Error('no worker'));
  worker.postMessage(question);
});

const forget = (worker) => {
  worker?.terminate();
  ready = null;
  loaded = null;
};

const started = async (words) => {
  let worker;
  try {
    worker = new Worker(words.fingerprintWorker, { type: 'module' });
    await ask(worker, { model: words.fingerprintModel });
    loaded = worker;
    return worker;
  } catch ({ message }) {
    worker?.terminate();
    throw notDescribed({ network: words.textOwnNetwork, outdated: words.textOwnOutdated }[message] ?? words.textOwnUnable);
  }
};

// What failed is tried anew by the next search.
const workerWithModel = (words) => {
  ready ??= started(words).catch((error) => {
    ready = null;
    throw error;
  });
  return ready;
};

const readable = async (file, words) => {
  try {
    return await pictureOf(file);
  } catch {
    throw notDescribed(words.textOwnUnreadable.replace('{name}', file.name));
  }
};

const described = async (worker, { file, box }, words) => {
  const picture = await readable(file, words);
  try {
    const { bytes, isScreenshot } = await ask(worker, { picture, drawn: box });
    return { text: btoa(String.fromCharCode(...bytes)), isScreenshot };
  } catch {
    forget(worker);
    throw notDescribed(words.textOwnUnable);
  }
};

// As answerTo of sending.js, of photos that stay here; rejects with a sentence where nothing was sent.
export const answerHere = async (form, chosen, { say, progress, signal }) => {
  const words = form.dataset;
  heard = progress;
  progress(null);
  if (!loaded) say(words.textOwnLoading);
  const describedAll = async () => {
    const photos = [];
    for (const photo of chosen) {
      stopIfGivenUp(signal);
      const worker = await workerWithModel(words);
      stopIfGivenUp(signal);
      say(words.textOwnDescribing);
      photos.push(await described(worker, photo, words));
      progress(photos.length / chosen.length);
    }
    return photos;
  };
  const work = turn.then(describedAll);
  turn = work.catch(() => {});
  const photos = await work;
  stopIfGivenUp(signal);
  return sent(form, words.fingerprintAction, (body) => {
    body.append('modele', words.fingerprintModel.split('/').at(-1));
    photos.forEach(({ text, isScreenshot }, place) => {
      body.append('descriptions', text);
      if (isScreenshot) body.append('captures', place + 1);
    });
  }, { say, progress, signal });
};
