// The search of which the photos stay on the device: what is sent are numbers that a worker makes of them.
import { element } from '../../element.js';
import { sent } from '../sending.js';

const LONG_SIDE = 1600;
let describer = null;

// Why nothing was sent, in a sentence for the visitor.
class NotDescribed extends Error {
  constructor(sentence) {
    super(sentence);
    this.sentence = sentence;
  }
}

// Asks a worker one thing after the other. heard: told of what it says meanwhile.
const ask = (worker, question, heard = () => {}) => new Promise((resolve, reject) => {
  worker.onmessage = ({ data }) => {
    if (data.failed) reject(new Error(data.failed));
    else if (data.total === undefined) resolve(data);
    else heard(data.loaded / data.total);
  };
  worker.onerror = () => reject(new Error('no worker'));
  worker.postMessage(question);
});

const started = async (words, progress) => {
  const worker = new Worker(words.fingerprintWorker, { type: 'module' });
  try {
    await ask(worker, { model: words.fingerprintModel }, progress);
  } catch (error) {
    worker.terminate();
    throw new NotDescribed(error.message === 'network' ? words.textFailed : words.textOwnUnable);
  }
  return worker;
};

// As the browser shows it, upright, on white; without what the file says besides.
const pictureOf = async (file) => {
  const shown = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const scale = Math.min(1, LONG_SIDE / Math.max(shown.width, shown.height));
  const [width, height] = [shown.width, shown.height].map((side) => Math.max(1, Math.round(side * scale)));
  const pen = element('canvas', { width, height }).getContext('2d', { willReadFrequently: true });
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, width, height);
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(shown, 0, 0, width, height);
  shown.close();
  const { data } = pen.getImageData(0, 0, width, height);
  const pixels = new Uint8Array(3 * width * height);
  for (let from = 0, to = 0; to < pixels.length; from += 4, to += 3) pixels.set(data.subarray(from, from + 3), to);
  return { width, height, channels: 3, pixels };
};

const readable = async (file, words) => {
  try {
    return await pictureOf(file);
  } catch {
    throw new NotDescribed(words.textOwnUnreadable.replace('{name}', file.name));
  }
};

const described = async (worker, { file, box }, words) => {
  const picture = await readable(file, words);
  try {
    const { bytes } = await ask(worker, { picture, drawn: box });
    return btoa(String.fromCharCode(...bytes));
  } catch {
    throw new NotDescribed(words.textOwnUnable);
  }
};

// As answerTo of sending.js, of photos that stay here; rejects with a sentence where nothing was sent.
export const answerHere = async (form, chosen, { say, progress, signal }) => {
  const words = form.dataset;
  const tell = (sentence) => { if (!signal.aborted) say(sentence); };
  progress(null);
  if (!describer) tell(words.textOwnLoading);
  // One worker for all searches of this page, of which the next one waits for the last.
  describer ??= started(words, progress);
  describer.catch(() => { describer = null; });
  const before = describer;
  const texts = [];
  const work = before.then(async (worker) => {
    for (const photo of chosen) {
      if (signal.aborted) break;
      tell(words.textOwnDescribing);
      texts.push(await described(worker, photo, words));
      progress(texts.length / chosen.length);
    }
    return worker;
  });
  describer = work.catch(() => before);
  await work;
  signal.throwIfAborted();
  return sent(form, words.fingerprintAction, (body) => {
    body.append('modele', words.fingerprintModel.split('/').at(-1));
    for (const text of texts) body.append('empreintes', text);
  }, { say: tell, progress, signal });
};
