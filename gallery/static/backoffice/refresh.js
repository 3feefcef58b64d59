// An item's sheet changes in place: forms marked data-in-place are sent without leaving the page, and the regions marked
// data-refresh are taken from the page that answers. Without this script the same forms load the page anew.
import '../oldest.js';
import { element } from '../element.js';
import { saidBy, submitBy } from '../submitting.js';
import { isWritten } from './lot-fields.js';

// Not the browser's address: a page that answers a form is at the form's, where nothing can be fetched, and a sheet's may tick photos.
const ownAddress = new URL(document.getElementById('contenu').dataset.ownAddress, location);

// Not ticks: what somebody vouches for is about the sheet as it was.
const WRITTEN = 'input[id]:is([type=text], [type=date], :not([type])), select[id], textarea[id]';

(() => {
  const keepPictures = (old, fresh) => {
    for (const card of fresh.querySelectorAll('li[id]')) {
      const picture = card.querySelector('picture');
      const known = old.querySelector(`#${CSS.escape(card.id)} picture`);
      if (picture && known?.isEqualNode(picture)) picture.replaceWith(known);
    }
  };

  // What is written in a form that was not sent, or was refused and nowhere kept, is written into the new one.
  const keepWritten = (old, fresh, sent) => {
    for (const field of old.querySelectorAll(WRITTEN)) {
      const place = field.form !== sent && (isWritten(field) || 'unkept' in field.dataset) && fresh.querySelector(`#${CSS.escape(field.id)}`);
      if (place) place.value = field.value;
    }
  };

  // sent: the form that the page answers, if any; then: the id of what takes the focus, where the page now has it.
  const takeRegions = (page, sent, then) => {
    const focused = document.activeElement?.id;
    const card = document.activeElement?.closest('.photo-card')?.id;
    for (const region of document.querySelectorAll('[data-refresh]')) {
      const fresh = page.getElementById(region.id);
      if (!fresh) continue;
      keepPictures(region, fresh);
      keepWritten(region, fresh, sent);
      region.replaceChildren(...fresh.childNodes);
    }
    const next = (then && document.getElementById(then)) || (focused && document.getElementById(focused)) || (card && document.getElementById(card));
    next?.focus({ preventScroll: !then });
  };

  const tell = (sentence) => {
    const message = element('div', { class: 'message message-danger', role: 'alert' }, sentence);
    document.getElementById('messages').replaceChildren(message);
    message.scrollIntoView({ block: 'nearest' });
  };

  const show = async (response, sent, then) => {
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    if (!response.ok) {
      tell(page.querySelector('main .lead')?.textContent ?? response.statusText);
    } else if (new URL(response.url).pathname !== ownAddress.pathname) {
      location.assign(response.url);
    } else {
      takeRegions(page, sent, then);
    }
  };

  document.addEventListener('submit', async (event) => {
    const form = event.target;
    if (!form.matches('[data-in-place]') || form.getAttribute('aria-busy') === 'true') return;
    event.preventDefault();
    form.setAttribute('aria-busy', 'true');
    try {
      await show(await fetch(form.action, { method: 'POST', body: saidBy(form, event.submitter) }), form, form.dataset.then);
    } catch {
      // As the browser itself would, with the button that was used.
      delete form.dataset.inPlace;
      submitBy(form, event.submitter);
    }
    form.removeAttribute('aria-busy');
  });

  document.addEventListener('desk:refresh', async (event) => {
    // The session's end counts from what somebody has done, not from a page that looks again by itself.
    const headers = event.detail === 'unattended' ? { 'X-Unattended': '1' } : {};
    try {
      await show(await fetch(ownAddress, { cache: 'no-store', headers }));
    } catch {
      location.assign(ownAddress);
    }
  });
})();
