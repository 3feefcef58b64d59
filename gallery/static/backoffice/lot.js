// Drops hundreds of photos into a case, one request each, three at a time. Asks first which ones are missing, so that the
// same folder given again goes on where it stopped. Without this script the form sends several files at once.
import '../oldest.js';
import { takeChosen, takeDrops } from '../drop-zone.js';
import { element } from '../element.js';
import { freshToken } from '../patience.js';
import { digestOf } from './digest.js';
import { filesIn, folderOf, worthSending } from './folders.js';
import { againOf, isFinal, isInItem, isStopping, sentenceOf } from './sentence.js';

const AT_ONCE = 3;
const ASKED_AT_ONCE = 200;
// A long drop shows what has come, so that sorting need not wait for its end.
const SHOWN_EVERY = 30;
const CREATED = 201;
const PAUSES = [2000, 5000, 10000, 20000, 30000];
const form = document.querySelector('[data-lot]');
const words = form.dataset;
const part = (name) => form.querySelector(`[data-${name}]`);
const [list, live, overall, hold] = ['list', 'live', 'overall', 'hold'].map(part);
const bar = overall.querySelector('progress');
const sentence = part('sentence');
const waiting = [];
const counts = { total: 0, done: 0, known: 0, refused: 0 };
let running = 0;
let comparing = 0;
let isHeld = false;
let why = '';
let isStopped = false;
let failures = 0;
let received = 0;

const filled = (text) => {
  const whole = counts.known ? `${text} ${words.known}` : text;
  return Object.entries(counts).reduce((said, [name, value]) => said.replace(`{${name}}`, value), whole);
};

const show = (text) => {
  overall.hidden = counts.total === 0;
  bar.value = counts.total ? (counts.done + counts.known + counts.refused) / counts.total : 0;
  sentence.textContent = text ?? `${isHeld ? `${why || words.stopped} ` : ''}${filled(words.progress)}`;
};

const isIdle = () => running + comparing + waiting.length === 0;

const endAll = () => {
  hold.hidden = true;
  show(filled(words.done));
  live.textContent = filled(words.done);
  document.dispatchEvent(new CustomEvent('desk:refresh'));
};

const next = () => {
  while (!isHeld && running < AT_ONCE && waiting.length > 0) {
    running += 1;
    send(waiting.shift());
  }
};

const rowOf = (job) => {
  if (job.row) return job.row;
  const progress = element('progress', { max: 1, value: 0, 'aria-label': job.file.name });
  const state = element('span', { class: 'file-state' });
  const acts = element('span', { class: 'file-acts' });
  job.row = element('li', {}, element('span', { class: 'file-name' }, job.file.name), progress, state, acts);
  list.append(job.row);
  return job.row;
};

const say = (job, text, share) => {
  const row = rowOf(job);
  row.querySelector('.file-state').textContent = text;
  if (share !== undefined) row.querySelector('progress').value = share;
};

const drop = (job) => {
  job.row?.remove();
  job.row = null;
};

const setAside = (job, text, mayRetry) => {
  counts.refused += 1;
  say(job, text);
  job.row.classList.add('is-refused');
  job.row.querySelector('progress').hidden = true;
  if (!mayRetry) return;
  const looks = { type: 'button', class: 'btn btn-outline-primary btn-small' };
  const again = element('button', { ...looks, 'aria-label': `${words.retry} : ${job.file.name}` }, words.retry);
  again.addEventListener('click', () => {
    counts.refused -= 1;
    counts.total -= 1;
    drop(job);
    add([job.file]);
  });
  job.row.querySelector('.file-acts').replaceChildren(again);
};

// Whoever is to sort first sees all that has come, once nothing more is on its way.
const showWhatCame = () => {
  if (isStopped && running === 0) document.dispatchEvent(new CustomEvent('desk:refresh'));
};

const settle = (finish) => {
  running -= 1;
  finish();
  show();
  showWhatCame();
  if (isIdle()) endAll();
  else next();
};

// The line is cut or the service restarts: nothing is lost, everything waits a little, and after some tries for the officer.
const tryLater = (job, text) => {
  running -= 1;
  drop(job);
  waiting.unshift(job);
  if (failures >= PAUSES.length || isHeld) {
    setHeld(true, text);
    show();
    live.textContent = text;
    return;
  }
  show(words.again);
  if (running > 0) return;
  setTimeout(next, PAUSES[failures]);
  failures += 1;
};

// Nothing is lost: what is left goes on when the officer says so.
const stop = (job, text) => {
  running -= 1;
  drop(job);
  waiting.unshift(job);
  setHeld(true, text);
  isStopped = true;
  show();
  showWhatCame();
  live.textContent = text;
};

const isPassing = (status) => status >= 500 || [0, 408, 429].includes(status);

const answered = (request, job) => {
  if (request.status === CREATED) {
    failures = 0;
    settle(() => {
      counts[isInItem(request) ? 'known' : 'done'] += 1;
      received += 1;
      drop(job);
    });
    if (received % SHOWN_EVERY === 0 && !isIdle()) document.dispatchEvent(new CustomEvent('desk:refresh'));
  } else if (againOf(request) === 'token' && !job.isSecond) {
    job.isSecond = true;
    freshToken(form).catch(() => {}).finally(() => send(job));
  } else if (isStopping(againOf(request))) {
    stop(job, sentenceOf(request, words.failed));
  } else if (request.status === 401) {
    failures = PAUSES.length;
    tryLater(job, sentenceOf(request, words.failed));
  } else if (isPassing(request.status)) {
    tryLater(job, sentenceOf(request, words.again));
  } else {
    settle(() => setAside(job, sentenceOf(request, words.failed), !isFinal(request)));
  }
};

// What the computer no longer gives, as of a stick that was taken out, is no fault of the line.
const unsent = async (job) => {
  try {
    await job.file.slice(0, 1).arrayBuffer();
    tryLater(job, words.again);
  } catch {
    settle(() => setAside(job, words.unread, true));
  }
};

const send = (job) => {
  const request = new XMLHttpRequest();
  const body = new FormData();
  body.append('csrf_token', form.elements.csrf_token.value);
  body.append('photos', job.file);
  body.append('dossier', folderOf(job.file));
  request.open('POST', form.action);
  request.setRequestHeader('Accept', 'application/json');
  request.upload.addEventListener('progress', (event) => {
    say(job, event.loaded < event.total ? words.sending : words.reading, event.loaded / event.total);
  });
  request.addEventListener('load', () => answered(request, job));
  request.addEventListener('error', () => unsent(job));
  say(job, words.sending, 0);
  request.send(body);
};

const askMissing = async (digests) => {
  const body = new FormData();
  body.append('csrf_token', form.elements.csrf_token.value);
  body.append('empreintes', digests.join(' '));
  const answer = await fetch(form.dataset.missing, { method: 'POST', body, headers: { Accept: 'application/json' } });
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.json();
};

// Where browsers don't digest, and when the question fails, everything is sent: the service keeps each once.
const compare = async (files, compared) => {
  const all = { missing: files, refused: new Map(), unread: [], known: 0 };
  if (!crypto.subtle) return all;
  const digests = new Map();
  const unread = [];
  for (const file of files) {
    try {
      digests.set(await digestOf(file), file);
    } catch {
      unread.push(file);
    }
    compared();
  }
  try {
    await freshToken(form);
    const { missing, refused, in_items: inItems } = await askMissing([...digests.keys()]);
    const told = new Map(Object.entries(refused).map(([digest, text]) => [digests.get(digest), text]));
    return { missing: missing.map((digest) => digests.get(digest)), refused: told, unread, known: inItems.length };
  } catch {
    return { ...all, missing: [...digests.values()], unread };
  }
};

const take = (files, { missing, refused, unread, known }) => {
  for (const [file, text] of refused) setAside({ file }, text, false);
  for (const file of unread) setAside({ file }, words.unread, true);
  waiting.push(...missing.map((file) => ({ file })));
  counts.known += known;
  counts.done += files.length - missing.length - refused.size - unread.length - known;
};

// Before anything is read: a film may be larger than what a browser holds.
const isTooHeavy = (file) => file.size > Number(words.maxBytes);

const takeAll = async (files) => {
  let compared = 0;
  const tell = () => {
    compared += 1;
    show(words.comparing.replace('{done}', compared).replace('{total}', files.length));
  };
  for (let from = 0; from < files.length; from += ASKED_AT_ONCE) {
    const some = files.slice(from, from + ASKED_AT_ONCE);
    take(some, await compare(some, tell));
    next();
  }
};

// unread: the names of what was in a folder and could not be read.
const add = async (given, unread = []) => {
  const files = worthSending(given);
  if (files.length + unread.length === 0) return;
  counts.total += files.length + unread.length;
  hold.hidden = false;
  for (const name of unread) setAside({ file: { name } }, words.unread, false);
  for (const file of files.filter(isTooHeavy)) setAside({ file }, words.tooHeavy, false);
  comparing += 1;
  await takeAll(files.filter((file) => !isTooHeavy(file)));
  comparing -= 1;
  show();
  if (isIdle()) endAll();
};

const setHeld = (held, text = '') => {
  isHeld = held;
  isStopped = false;
  why = text;
  hold.textContent = held ? words.resume : words.pause;
};

hold.addEventListener('click', () => {
  failures = 0;
  setHeld(!isHeld);
  show();
  freshToken(form).catch(() => {}).finally(next);
});

takeChosen(form, add);
takeDrops(form.querySelector('.drop-zone'), async (found) => {
  const { files, unread } = await found;
  add(files, unread);
}, filesIn);
window.addEventListener('beforeunload', (event) => { if (!isIdle()) event.preventDefault(); });
for (const each of form.querySelectorAll('[data-plain]')) each.hidden = true;
for (const each of form.querySelectorAll('[data-script]')) each.hidden = false;
