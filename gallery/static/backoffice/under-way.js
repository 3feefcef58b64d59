// Looks again every two seconds while the page shows work of the worker that is under way. Without this script a link
// loads the page anew.
import '../oldest.js';

(() => {
  const LOOK_AGAIN = 2000;
  document.documentElement.classList.add('has-script');

  const lookAgain = () => {
    if (document.querySelector('[data-under-way]')) document.dispatchEvent(new CustomEvent('desk:refresh', { detail: 'unattended' }));
    setTimeout(lookAgain, LOOK_AGAIN);
  };
  setTimeout(lookAgain, LOOK_AGAIN);
})();
