// What this telephone keeps until it has arrived: photos with the number they were taken for, and numbers in reserve. In
// IndexedDB, so that neither a closed browser nor a dead session loses anything; a photo is gone from here once it has arrived.
const NAME = 'capturer';
const REFUSED = 'refused';

const answerOf = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

const opened = () => {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore('photos', { keyPath: 'id', autoIncrement: true });
    request.result.createObjectStore('numbers', { keyPath: 'number' });
    request.result.createObjectStore('state');
  };
  return answerOf(request);
};
let opening;

const within = async (name, mode, act) => {
  opening ??= opened();
  const work = (await opening).transaction(name, mode);
  const ended = new Promise((resolve, reject) => {
    work.oncomplete = resolve;
    work.onabort = () => reject(work.error);
  });
  const [result] = await Promise.all([act(work.objectStore(name)), ended]);
  return result;
};

// Photos for which the telephone has no place: here until they are sent or the page is closed.
const unkept = new Map();
export const isOnlyHere = () => unkept.size > 0;

// Why the telephone could not keep it, null when it has: a full one says 'QuotaExceededError', and Safari's private window takes no
// photo at all. It then waits in this page alone.
export const keepPhoto = async (photo) => {
  try {
    await within('photos', 'readwrite', (store) => answerOf(store.add(photo)));
    return null;
  } catch (error) {
    const id = -1 - unkept.size - Date.now();
    unkept.set(id, { ...photo, id });
    return error.name;
  }
};

export const allPhotos = async () => [...await within('photos', 'readonly', (store) => answerOf(store.getAll())), ...unkept.values()];

export const isRefused = (photo) => photo.state === REFUSED;

export const forgetPhoto = async (id) => {
  if (!unkept.delete(id)) await within('photos', 'readwrite', (store) => answerOf(store.delete(id)));
};

// The service does not want it: it stays here, with why, until somebody gives it up.
export const setAside = async (photo, sentence) => {
  const told = { ...photo, state: REFUSED, sentence };
  if (unkept.has(photo.id)) unkept.set(photo.id, told);
  else await within('photos', 'readwrite', (store) => answerOf(store.put(told)));
};

export const reserve = (unit, numbers) => within('numbers', 'readwrite', (store) => (
  Promise.all(numbers.map((number) => answerOf(store.put({ number, unit }))))
));

const ofUnit = async (store, unit) => (await answerOf(store.getAll())).filter((each) => each.unit === unit);

export const countReserved = (unit) => within('numbers', 'readonly', async (store) => (await ofUnit(store, unit)).length);

// Out of the reserve for good, so that two pages never have the same one; undefined when none is left.
export const takeNumber = (unit) => within('numbers', 'readwrite', async (store) => {
  const [first] = await ofUnit(store, unit);
  if (first) await answerOf(store.delete(first.number));
  return first?.number;
});

export const recall = (key) => within('state', 'readonly', (store) => answerOf(store.get(key)));
export const remember = (key, value) => within('state', 'readwrite', (store) => answerOf(store.put(value, key)));
