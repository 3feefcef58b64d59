// Registers the service worker of an installed site, which shows a page when there is no network. The address and the part of
// the site are the script's own attributes.
import './oldest.js';

const { worker, scope } = document.querySelector('[data-worker]').dataset;

if ('serviceWorker' in navigator) navigator.serviceWorker.register(worker, { scope }).catch(() => { /* no network, or not allowed here */ });
