// Says how a new password does while it is typed, as the server will judge it. Without this script the server says so
// once the form is sent.
import '../oldest.js';

(() => {
  const PAUSE_MS = 400;
  for (const box of document.querySelectorAll('[data-meter]')) {
    const field = document.getElementById(box.dataset.field);
    const meter = box.querySelector('meter');
    const sentence = box.querySelector('[data-sentence]');
    let timer = 0;
    let asking = null;

    const ask = async () => {
      asking?.abort();
      asking = new AbortController();
      const body = new FormData();
      body.append('csrf_token', field.form.elements.csrf_token.value);
      body.append('mot_de_passe', field.value);
      try {
        const answer = await fetch(box.dataset.meter, { method: 'POST', body, signal: asking.signal, headers: { Accept: 'application/json' } });
        if (!answer.ok) throw new Error(answer.statusText);
        const judged = await answer.json();
        box.hidden = !field.value;
        meter.value = judged.level;
        sentence.textContent = judged.sentence;
      } catch (error) {
        if (error.name !== 'AbortError') box.hidden = true;
      }
    };

    field.addEventListener('input', () => {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE_MS);
    });
  }
})();
