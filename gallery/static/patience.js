// Before photos are sent: waits for its turn while many search, and takes a fresh token, in case the page was open for long.
const PAUSE = 4000;

const ask = async (address) => {
  const answer = await fetch(address, { headers: { Accept: 'application/json' }, cache: 'no-store' });
  return answer.json();
};

// The form's token becomes one that is valid now.
export const freshToken = async (form) => {
  const { csrf_token: token } = await ask(form.dataset.token);
  if (token) form.elements.csrf_token.value = token;
};

const inTurn = async (form, say) => {
  for (;;) {
    const { next, sentence } = await ask(form.dataset.turn);
    if (next !== false) return;
    say(sentence);
    await new Promise((resolve) => { setTimeout(resolve, PAUSE); });
  }
};

// What can't be asked for is left to the sending, which says what is wrong. say: shows a sentence.
export const prepare = async (form, say) => {
  try {
    if (form.dataset.turn) await inTurn(form, say);
    await freshToken(form);
  } catch { /* no line, or signed out */ }
};

// A form that the browser itself sends: the files stay chosen while it waits.
export const sendInTurn = (form) => {
  const status = form.querySelector('[data-status]');
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = 'yes';
    await prepare(form, (sentence) => { status.textContent = sentence; });
    status.textContent = form.dataset.textSending;
    form.submit();
  });
  window.addEventListener('pageshow', () => {
    delete form.dataset.sent;
    status.textContent = '';
  });
};

document.querySelectorAll('[data-in-turn]').forEach(sendInTurn);
