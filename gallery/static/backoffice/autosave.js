// A form marked data-autosave is kept on the server while it is written; nothing is kept in the browser. Without this
// script the form is sent as usual, and only then kept.
import '../oldest.js';
import { submitBy } from '../submitting.js';

(() => {
  const PAUSE_MS = 2000;
  const form = document.querySelector('[data-autosave]');
  if (!form) return;

  const state = form.querySelector('[data-saved]');
  let timer = 0;
  let sending = null;
  let changed = false;

  const save = async () => {
    clearTimeout(timer);
    if (!changed) return;
    changed = false;
    sending?.abort();
    sending = new AbortController();
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(form.dataset.autosave, { method: 'POST', body, keepalive: true, signal: sending.signal });
      const isKept = answer.ok && !answer.redirected;
      const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: '2-digit', minute: '2-digit' });
      state.textContent = isKept ? form.dataset.kept.replace('{time}', time) : form.dataset.notKept;
    } catch (error) {
      if (error.name !== 'AbortError') state.textContent = form.dataset.notKept;
    }
  };

  form.addEventListener('input', () => {
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE_MS);
  });
  document.addEventListener('visibilitychange', () => { if (document.hidden) save(); });

  // What is sent is no longer a draft: nothing may arrive after it.
  form.addEventListener('submit', () => {
    changed = false;
    clearTimeout(timer);
    sending?.abort();
  });

  document.addEventListener('keydown', (event) => {
    if ((event.ctrlKey || event.metaKey) && (event.key === 's' || event.key === 'Enter')) {
      event.preventDefault();
      submitBy(form);
    }
  });
})();
