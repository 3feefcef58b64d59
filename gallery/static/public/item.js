// What needs a script on an item's page: copying its address, and the print dialog. Without it the two buttons are absent.
import '../oldest.js';

const copy = document.querySelector('[data-copy]');
const print = document.querySelector('[data-print]');
const status = document.querySelector('[data-share-status]');

if (copy && navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(copy.dataset.copy);
      status.textContent = copy.dataset.textCopied;
    } catch {
      status.textContent = copy.dataset.copy;
    }
  });
}
if (print) {
  print.hidden = false;
  print.addEventListener('click', () => window.print());
}
