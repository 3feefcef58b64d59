// Every page of the back office: the first error takes the focus, a form is sent once.
(() => {
  document.querySelector('[data-focus]')?.focus();

  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!form.matches('[data-once]')) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = 'yes';
  });

  // A page taken back from the browser's memory can be sent again.
  window.addEventListener('pageshow', () => {
    for (const form of document.querySelectorAll('[data-sent]')) delete form.dataset.sent;
  });
})();
