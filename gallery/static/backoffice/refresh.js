// An item's sheet changes in place: forms marked data-in-place are sent without leaving the page, and the regions marked
// data-refresh are taken from the page that answers. Without this script the same forms load the page anew.
import '../oldest.js';
import { saidBy } from '../submitting.js';
import { takeRegions } from './regions.js';
import { isTold, tell } from './telling.js';

(() => {
  const words = document.getElementById('contenu').dataset;
  // Not the browser's address: a page that answers a form is at the form's, where nothing can be fetched, and a sheet's may tick photos.
  const ownAddress = new URL(words.ownAddress, location);
  const signIn = new URL(words.signIn, location);

  // about: what takeRegions is told. The page is left for an act alone, never to look again: files that wait would go with it.
  const show = async (response, about) => {
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    const { pathname } = new URL(response.url);
    if (!response.ok) tell(page.querySelector('main .lead')?.textContent || (about.sent ? words.unheard : words.unseen));
    else if (pathname === ownAddress.pathname) takeRegions(page, about);
    else if (pathname === signIn.pathname) tell(words.ended);
    else if (about.sent) location.assign(response.url);
  };

  const send = async ({ form, address, body }) => {
    try {
      await show(await fetch(address, { method: 'POST', body }), { sent: address, then: form.dataset.then });
    } catch {
      tell(words.unheard);
    }
    form.removeAttribute('aria-busy');
  };

  // One after the other. The second click of two says what is on its way, and is no act of its own.
  const underWay = new Set();
  let last = Promise.resolve();
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!form.matches('[data-in-place]')) return;
    event.preventDefault();
    const act = { form, address: form.action, body: saidBy(form, event.submitter) };
    const said = `${act.address} ${new URLSearchParams(act.body)}`;
    if (underWay.has(said)) return;
    underWay.add(said);
    form.setAttribute('aria-busy', 'true');
    last = last.then(() => send(act)).finally(() => underWay.delete(said));
  });

  // Nobody is there to be told that a page which looks again by itself got no answer: it looks again.
  const lookUnattended = async () => {
    const response = await fetch(ownAddress, { cache: 'no-store', headers: { 'X-Unattended': '1' } });
    const isFault = response.redirected || !response.ok;
    if (response.status < 500 && !(isFault && isTold())) await show(response, { isUnattended: true });
  };

  document.addEventListener('desk:refresh', async ({ detail }) => {
    // The session's end counts from what somebody has done, not from a page that looks again by itself.
    if (detail === 'unattended') {
      await lookUnattended().catch(() => {});
      return;
    }
    try {
      await show(await fetch(ownAddress, { cache: 'no-store' }), {});
    } catch {
      tell(words.unseen);
    }
  });
})();
