// Regions marked data-refresh are taken from another answer of the same page, and whoever works in them goes on where they were.
import { isWritten } from './lot-fields.js';
import { isTold } from './telling.js';

// Not ticks: what somebody vouches for is about the sheet as it was.
const WRITTEN = 'input[id]:is([type=text], [type=date], :not([type])), select[id], textarea[id]';

const sameIn = (region, { id }) => region.querySelector(`#${CSS.escape(id)}`);

const keepPictures = (old, fresh) => {
  for (const card of fresh.querySelectorAll('li[id]')) {
    const picture = card.querySelector('picture');
    const known = sameIn(old, card)?.querySelector('picture');
    if (picture && known?.isEqualNode(picture)) picture.replaceWith(known);
  }
};

// What is written in a form that was not sent, or was refused and nowhere kept, is written into the new one.
const keepWritten = (old, fresh, sent) => {
  for (const field of old.querySelectorAll(WRITTEN)) {
    const place = field.form?.action !== sent && (isWritten(field) || 'unkept' in field.dataset) && sameIn(fresh, field);
    if (place) place.value = field.value;
  }
};

// A photo that was alone had been ticked by the page, not by somebody.
const keepTicks = (old, fresh, sent) => {
  const boxes = [...old.querySelectorAll('[name=photos]')].filter((box) => box.form?.action !== sent);
  if (boxes.length < 2) return;
  for (const box of boxes) {
    const place = sameIn(fresh, box);
    if (place) place.checked = box.checked;
  }
};

const keepOpen = (old, fresh) => {
  for (const each of old.querySelectorAll('details[open][id]')) sameIn(fresh, each)?.setAttribute('open', '');
};

// By what has an id, and within it by its words.
const placeOf = (here) => {
  const host = here?.closest('[data-refresh][id], [data-refresh] [id]');
  if (!host) return {};
  return { id: host.id, words: here === host ? '' : here.textContent, card: here.closest('.photo-card')?.id, caret: [here.selectionStart, here.selectionEnd] };
};

const goTo = ({ id, words, card, caret }) => {
  const host = document.getElementById(id);
  const worded = words && [...host?.querySelectorAll('a, button, summary') ?? []].find((each) => each.textContent === words);
  const place = worded || host || document.getElementById(card);
  place?.focus({ preventScroll: true });
  if (place?.id === id && Number.isInteger(caret[0])) place.setSelectionRange(...caret);
};

// What a page that looks again by itself has said to somebody stays to be read.
const isToBeRead = (region, fresh) => region.id === 'messages' && fresh.children.length === 0 && !isTold();

// sent: the address of the form that the page answers, if any; then: the id of what takes the focus, where the page now has it.
export const takeRegions = (page, { sent, then, isUnattended }) => {
  const place = placeOf(document.activeElement);
  for (const region of document.querySelectorAll('[data-refresh]')) {
    const fresh = page.getElementById(region.id);
    if (!fresh || (isUnattended && isToBeRead(region, fresh))) continue;
    for (const keep of [keepPictures, keepWritten, keepTicks, keepOpen]) keep(region, fresh, sent);
    region.replaceChildren(...fresh.childNodes);
  }
  const next = then && document.getElementById(then);
  if (next) next.focus();
  else if (place.id) goTo(place);
};
