// Choosing the items of an album: how many are ticked.
import '../oldest.js';

(() => {
  const form = document.getElementById('choose');
  if (!form) return;
  const count = form.querySelector('[data-count]');
  const tell = () => {
    const ticked = form.querySelectorAll('[name=objet]:checked').length;
    count.textContent = ticked ? count.dataset.count.replace('{count}', ticked) : '';
  };
  form.addEventListener('change', tell);
  window.addEventListener('pageshow', tell);
})();
