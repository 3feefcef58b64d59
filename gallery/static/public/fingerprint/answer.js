// The search of which the photos stay on the device: what is sent are numbers that a worker makes of them.
import { sent } from '../sending.js';
import { pictureOf } from './picture.js';

// The worker with its model, once it is there, and the end of the last search: they are described one after the other.
let ready = null;
let turn = Promise.resolve();

// Why nothing was sent, in a sentence for the visitor.
const notDescribed = (sentence) => Object.assign(new Error(sentence), { sentence });

// Asks a worker one thing after the other. heard: told of what it says meanwhile.
const ask = (worker, question, heard = () => {}) => new Promise((resolve, reject) => {
  worker.onmessage = ({ data }) => {
    if (data.failed) reject(new Error(data.failed));
    else if (data.loaded === undefined) resolve(data);
    else heard(data.total ? data.loaded / data.total : null);
  };
  worker.onerror = () => reject(new Error('no worker'));
  worker.postMessage(question);
});

const started = async (words, progress) => {
  const worker = new Worker(words.fingerprintWorker, { type: 'module' });
  try {
    await ask(worker, { model: words.fingerprintModel }, progress);
    return worker;
  } catch (error) {
    forget(worker);
    throw notDescribed(error.message === 'network' ? words.textFailed : words.textOwnUnable);
  }
};

const forget = (worker) => {
  worker.terminate();
  ready = null;
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
    const { bytes } = await ask(worker, { picture, drawn: box });
    return btoa(String.fromCharCode(...bytes));
  } catch {
    forget(worker);
    throw notDescribed(words.textOwnUnable);
  }
};

// As answerTo of sending.js, of photos that stay here; rejects with a sentence where nothing was sent.
export const answerHere = async (form, chosen, { say, progress, signal }) => {
  const words = form.dataset;
  const tell = (sentence) => { if (!signal.aborted) say(sentence); };
  progress(null);
  if (!ready) tell(words.textOwnLoading);
  ready ??= started(words, progress);
  const worker = ready;
  const describedAll = async () => {
    const texts = [];
    for (const photo of chosen) {
      const describer = await worker;
      signal.throwIfAborted();
      tell(words.textOwnDescribing);
      texts.push(await described(describer, photo, words));
      progress(texts.length / chosen.length);
    }
    return texts;
  };
  const work = turn.then(describedAll);
  turn = work.catch(() => {});
  const texts = await work;
  signal.throwIfAborted();
  return sent(form, words.fingerprintAction, (body) => {
    body.append('modele', words.fingerprintModel.split('/').at(-1));
    for (const text of texts) body.append('empreintes', text);
  }, { say: tell, progress, signal });
};
