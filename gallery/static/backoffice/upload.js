// Adds photos to an item one request each, three at a time, with progress, retry, drag and drop and the phone's camera.
// Without this script the form sends several files at once.
import '../oldest.js';
import { takeChosen, takeDrops } from '../drop-zone.js';
import { element } from '../element.js';
import { freshToken } from '../patience.js';
import { againOf, sentenceOf } from './sentence.js';

(() => {
  const AT_ONCE = 3;
  const CREATED = 201;
  const form = document.querySelector('[data-upload]');
  if (!form) return;

  const words = form.dataset;
  const list = form.querySelector('[data-list]');
  const live = form.querySelector('[data-live]');
  const zone = form.querySelector('.drop-zone');
  const waiting = [];
  const counts = { done: 0, refused: 0 };
  let running = 0;

  const button = (text, act) => {
    const made = element('button', { type: 'button', class: 'btn btn-outline-primary btn-small' }, text);
    made.addEventListener('click', act);
    return made;
  };

  const makeRow = (file) => {
    const progress = element('progress', { max: 1, value: 0, 'aria-label': file.name });
    const state = element('span', { class: 'file-state' });
    const acts = element('span', { class: 'file-acts' });
    const row = element('li', {}, element('span', { class: 'file-name' }, file.name), progress, state, acts);
    list.append(row);
    return { row, progress, state, acts };
  };

  const announce = () => {
    const left = running + waiting.length;
    live.textContent = words.summary.replace('{done}', counts.done).replace('{refused}', counts.refused).replace('{left}', left);
  };

  const isIdle = () => running === 0 && waiting.length === 0;

  const retry = (job) => {
    counts.refused -= 1;
    job.view.acts.replaceChildren();
    job.view.row.classList.remove('is-refused');
    enqueue(job);
  };

  const remove = (job) => {
    const next = job.view.row.nextElementSibling?.querySelector('button') ?? form.querySelector('#files');
    job.view.row.remove();
    next.focus();
  };

  const refuse = (job, sentence, mayRetry) => {
    counts.refused += 1;
    job.view.row.classList.add('is-refused');
    job.view.progress.hidden = true;
    job.view.state.textContent = sentence;
    const acts = [button(words.remove, () => remove(job))];
    if (mayRetry) acts.unshift(button(words.retry, () => retry(job)));
    acts.forEach((each) => each.setAttribute('aria-label', `${each.textContent} : ${job.file.name}`));
    job.view.acts.replaceChildren(...acts);
  };

  const isPassing = (status) => status >= 500 || [0, 401, 408, 409, 429].includes(status);

  const end = (_job, finish) => {
    finish();
    running -= 1;
    announce();
    if (isIdle()) document.dispatchEvent(new CustomEvent('desk:refresh'));
    else run();
  };

  const accept = (job) => {
    counts.done += 1;
    job.view.progress.value = 1;
    job.view.state.textContent = words.done;
    job.view.row.classList.add('is-done');
    // Seen, then gone: the photo itself appears in the list below.
    setTimeout(() => job.view.row.remove(), 1500);
  };

  // A page that was open for long: its token is renewed, once for each photo, and nothing is asked of the officer.
  const mayHaveExpired = (request, job) => againOf(request) === 'token' && !job.isSecond;

  const sendAnew = (job) => {
    job.isSecond = true;
    freshToken(form).catch(() => {}).finally(() => send(job));
  };

  const send = (job) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append('csrf_token', form.elements.csrf_token.value);
    body.append('photos', job.file);
    request.open('POST', form.action);
    request.setRequestHeader('Accept', 'application/json');
    request.upload.addEventListener('progress', (event) => {
      job.view.progress.value = event.loaded / event.total;
      job.view.state.textContent = event.loaded < event.total ? words.sending : words.reading;
    });
    request.addEventListener('load', () => (mayHaveExpired(request, job) ? sendAnew(job) : end(job, () => {
      if (request.status === CREATED) accept(job);
      else refuse(job, sentenceOf(request, words.failed), isPassing(request.status));
    })));
    request.addEventListener('error', () => end(job, () => refuse(job, words.lost, true)));
    job.view.state.textContent = words.sending;
    request.send(body);
  };

  const run = () => {
    while (running < AT_ONCE && waiting.length > 0) {
      running += 1;
      send(waiting.shift());
    }
  };

  const enqueue = (job) => {
    job.view.progress.hidden = false;
    job.view.progress.value = 0;
    job.view.state.textContent = words.waiting;
    waiting.push(job);
    announce();
    run();
  };

  const add = (files) => {
    for (const file of files) {
      const job = { file, view: makeRow(file) };
      if (file.size > Number(words.maxBytes)) {
        refuse(job, words.tooHeavy, false);
        announce();
      } else {
        enqueue(job);
      }
    }
  };

  takeChosen(form, add);
  takeDrops(zone, add);

  window.addEventListener('beforeunload', (event) => {
    if (!isIdle()) event.preventDefault();
  });

  for (const each of form.querySelectorAll('[data-plain]')) each.hidden = true;
  for (const each of form.querySelectorAll('[data-script]')) each.hidden = false;
})();
