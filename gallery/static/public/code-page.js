// The page of a new code: a button that prints, and a question before the page is left with the code unread.
import '../oldest.js';

const print = document.querySelector('[data-print]');
let isLeft = false;

print.hidden = false;
print.addEventListener('click', () => window.print());
for (const form of document.querySelectorAll('[data-leaves]')) form.addEventListener('submit', () => { isLeft = true; });
window.addEventListener('beforeunload', (event) => {
  if (!isLeft) event.preventDefault();
});
