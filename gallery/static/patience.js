// Before photos are sent: waits for its turn while many search, and takes a fresh token, in case the page was open for long.
import './oldest.js';

const PAUSE = 4000;
// In a row, and for longer than the minute after which the service counts anew: then the sending is tried, and says what is wrong.
const MAX_REFUSALS = 20;
const ANSWER_MILLISECONDS = 15000;

const late = () => new Promise((_, reject) => { setTimeout(reject, ANSWER_MILLISECONDS, new Error('late')); });

const ask = (address, signal) => {
  const answer = fetch(address, { headers: { Accept: 'application/json' }, cache: 'no-store', signal });
  return Promise.race([answer.then((given) => given.json()), late()]);
};

// The form's token becomes one that is valid now.
export const freshToken = async (form, signal) => {
  const { csrf_token: token } = await ask(form.dataset.token, signal);
  if (token) form.elements.csrf_token.value = token;
};

const inTurn = async (form, say, signal) => {
  let refused = 0;
  while (refused < MAX_REFUSALS) {
    const { next, sentence } = await ask(form.dataset.turn, signal);
    if (next) return;
    refused = next === false ? 0 : refused + 1;
    if (sentence) say(sentence);
    await new Promise((resolve) => { setTimeout(resolve, PAUSE); });
  }
};

// What can't be asked for is left to the sending, which says what is wrong. say: shows a sentence;
// signal: once it is aborted nothing more is asked.
export const prepare = async (form, say, signal) => {
  try {
    if (form.dataset.turn) await inTurn(form, say, signal);
    await freshToken(form, signal);
  } catch { /* no line, or signed out */ }
};

// A form that the browser itself sends: the files stay chosen while it waits.
export const sendInTurn = (form) => {
  const status = form.querySelector('[data-status]');
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = 'yes';
    const say = (sentence) => { status.textContent = sentence; };
    say(form.dataset.textSending);
    await prepare(form, say);
    say(form.dataset.textSending);
    form.submit();
  });
  window.addEventListener('pageshow', () => {
    delete form.dataset.sent;
    status.textContent = '';
  });
};

document.querySelectorAll('[data-in-turn]').forEach(sendInTurn);
