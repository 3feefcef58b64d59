// Describes pictures beside the page, which goes on answering meanwhile. Told { model } once, then { picture, drawn } as often as wanted; answers
// { loaded, total } while the model comes, { ready }, { bytes, isScreenshot }, or { failed }: 'network' where the model can't be had,
// 'outdated' where the service describes with another one by now.

const OUTDATED = 'outdated';
let describe = null;
let network = null;

const bytesOf = async (address) => {
  const answer = await fetch(address);
  if (answer.status === 404) throw new Error(OUTDATED);
  if (!answer.ok) throw new Error(answer.statusText);
  const total = Number(answer.headers.get('Content-Length'));
  const parts = [];
  let loaded = 0;
  for (const reader = answer.body.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    loaded += value.length;
    postMessage({ loaded, total });
  }
  return new Blob(parts).arrayBuffer();
};

const load = async (address) => {
  // Imported here and not above: Firefox tells nobody that the imports of a worker's own script have failed.
  const [describing, { networkOf }] = await Promise.all([import('./describe.js'), import('./network.js')]);
  let file;
  try {
    file = await bytesOf(address);
  } catch ({ message }) {
    postMessage({ failed: message === OUTDATED ? OUTDATED : 'network' });
    return;
  }
  describe = describing.describe;
  network = networkOf(file);
  postMessage({ ready: true });
};

const answerTo = async ({ model, picture, drawn }) => {
  try {
    if (model) await load(model);
    else postMessage(describe(network, picture, drawn));
  } catch (error) {
    postMessage({ failed: String(error) });
  }
};

addEventListener('message', ({ data }) => { answerTo(data); });
