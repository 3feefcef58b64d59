// Sends an archive with its progress. Without this script the form sends the file as any form does.
import '../oldest.js';
import { freshToken, prepare } from '../patience.js';
import { sentenceOf } from './sentence.js';

(() => {
  // A session without acts may end after five minutes, and an archive take forty.
  const STAYS_SIGNED_IN = 120_000;
  const form = document.querySelector('[data-archive]');
  const words = form.dataset;
  const refusal = form.querySelector('[data-refusal]');
  const progress = form.querySelector('[data-progress]');
  const bar = progress.querySelector('progress');
  const text = progress.querySelector('[data-progress-text]');
  const button = form.querySelector('button');
  const input = form.elements.archive;
  let isSending = false;
  let awake = 0;

  const end = () => {
    isSending = false;
    clearInterval(awake);
  };

  const refuse = (sentence) => {
    end();
    progress.hidden = true;
    button.disabled = false;
    refusal.textContent = sentence;
    input.setAttribute('aria-invalid', 'true');
    input.focus();
  };

  const tell = (loaded, total) => {
    const percent = Math.floor((100 * loaded) / total);
    bar.value = loaded / total;
    const sentence = loaded < total ? words.sending.replace('{percent}', percent) : words.reading;
    if (text.textContent !== sentence) text.textContent = sentence;
  };

  const send = () => {
    const request = new XMLHttpRequest();
    request.open('POST', form.action);
    request.setRequestHeader('Accept', 'application/json');
    request.upload.addEventListener('progress', (event) => tell(event.loaded, event.total));
    request.addEventListener('load', () => {
      if (request.status >= 400) return refuse(sentenceOf(request, words.failed));
      end();
      return location.assign(request.responseURL);
    });
    request.addEventListener('error', () => refuse(words.lost));
    request.send(new FormData(form));
    awake = setInterval(() => freshToken(form).catch(() => {}), STAYS_SIGNED_IN);
  };

  form.addEventListener('submit', (event) => {
    const size = [...input.files].reduce((sum, file) => sum + file.size, 0);
    if (!input.files.length) return;
    event.preventDefault();
    if (size > Number(words.maxBytes)) {
      refuse(words.tooLarge);
      return;
    }
    isSending = true;
    refusal.textContent = '';
    input.removeAttribute('aria-invalid');
    button.disabled = true;
    progress.hidden = false;
    tell(0, size);
    prepare(form, () => {}).finally(send);
  });

  window.addEventListener('beforeunload', (event) => {
    if (isSending) event.preventDefault();
  });
})();
