// Every page of the back office: the first error takes the focus, the section where one is comes into view among those
// that scroll sideways on a telephone, a form is sent once.
import '../oldest.js';

(() => {
  const FORGOTTEN_AFTER = 10_000;
  const here = document.querySelector('.site-nav [aria-current]');
  if (here) here.closest('.site-nav').scrollLeft = here.offsetLeft - here.closest('.site-nav').clientWidth / 3;
  document.querySelector('[data-focus]')?.focus();

  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!form.matches('[data-once]')) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = 'yes';
    // Escape stops what is on its way, and nothing tells of it.
    setTimeout(() => { delete form.dataset.sent; }, FORGOTTEN_AFTER);
  });

  // A page taken back from the browser's memory can be sent again.
  window.addEventListener('pageshow', () => {
    for (const form of document.querySelectorAll('[data-sent]')) delete form.dataset.sent;
  });
})();
