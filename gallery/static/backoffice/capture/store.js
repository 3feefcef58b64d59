// What this telephone keeps until it has arrived: photos with the number they were taken for, and numbers in reserve. In
// IndexedDB, so that neither a closed browser nor a dead session loses anything; a photo is gone from here once it has arrived.
// What the browser does not take stays in this page, which goes on with it until it is closed.
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

const begun = async (name, mode) => {
  try {
    opening ??= opened();
    return (await opening).transaction(name, mode);
  } catch {
    // It may open the next time, as in Safari, which loses a database while the telephone sleeps.
    opening = opened();
    return (await opening).transaction(name, mode);
  }
};

// Why the telephone keeps nothing at all, null when it does.
export const whyClosed = () => begun('state', 'readonly').then(() => null, (error) => error.name);

const within = async (name, mode, act) => {
  const work = await begun(name, mode);
  const ended = new Promise((resolve, reject) => {
    work.oncomplete = resolve;
    work.onabort = () => reject(work.error);
  });
  const [result] = await Promise.all([act(work.objectStore(name)), ended]);
  return result;
};

const withinOr = (otherwise, ...asked) => within(...asked).catch(() => otherwise);

// Photos, numbers and the state for which the telephone has no place, and photos that it would not forget. What is here counts.
const [unkept, numbersHere, stateHere, gone] = [new Map(), new Map(), new Map(), new Set()];
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

export const allPhotos = async () => {
  const kept = await withinOr([], 'photos', 'readonly', (store) => answerOf(store.getAll()));
  return [...kept.filter(({ id }) => !unkept.has(id) && !gone.has(id)), ...unkept.values()];
};

export const isStillHere = async (id) => (await allPhotos()).some((photo) => photo.id === id);

export const isRefused = (photo) => photo.state === REFUSED;

export const forgetPhoto = async (id) => {
  unkept.delete(id);
  gone.add(id);
  await withinOr(undefined, 'photos', 'readwrite', (store) => answerOf(store.delete(id)));
};

export const refusedFor = (photo, sentence) => ({ ...photo, state: REFUSED, sentence });

// The service does not want it: it stays here, with why, until somebody gives it up. One that was removed meanwhile stays away.
export const setAside = async (photo, sentence) => {
  const told = refusedFor(photo, sentence);
  if (!await isStillHere(photo.id)) return;
  try {
    if (unkept.has(photo.id)) unkept.set(photo.id, told);
    else await within('photos', 'readwrite', (store) => answerOf(store.put(told)));
  } catch {
    unkept.set(photo.id, told);
  }
};

export const reserve = async (unit, numbers) => {
  try {
    await within('numbers', 'readwrite', (store) => Promise.all(numbers.map((number) => answerOf(store.put({ number, unit })))));
  } catch {
    for (const number of numbers) numbersHere.set(number, unit);
  }
};

const ofUnit = async (store, unit) => (await answerOf(store.getAll())).filter((each) => each.unit === unit);
const hereOf = (unit) => [...numbersHere.keys()].filter((number) => numbersHere.get(number) === unit);

export const countReserved = async (unit) => {
  const kept = await withinOr(0, 'numbers', 'readonly', async (store) => (await ofUnit(store, unit)).length);
  return kept + hereOf(unit).length;
};

// Out of the reserve for good, so that two pages never have the same one; undefined when none is left.
export const takeNumber = async (unit) => {
  const kept = await withinOr(undefined, 'numbers', 'readwrite', async (store) => {
    const [first] = await ofUnit(store, unit);
    if (first) await answerOf(store.delete(first.number));
    return first?.number;
  });
  const number = kept ?? hereOf(unit)[0];
  numbersHere.delete(number);
  return number;
};

export const recall = async (key) => stateHere.get(key) ?? withinOr(undefined, 'state', 'readonly', (store) => answerOf(store.get(key)));

// As keepPhoto says why it could not.
export const remember = async (key, value) => {
  try {
    await within('state', 'readwrite', (store) => answerOf(store.put(value, key)));
    stateHere.delete(key);
    return null;
  } catch (error) {
    stateHere.set(key, value);
    return error.name;
  }
};
