// An item's photos change their order by being dragged to one another's place. Each has buttons for the same, which also work
// without this script: what is let go is sent by the form of one of them.
import { makeDraggable } from '../dragging.js';

const region = document.getElementById('photos');
const cards = () => [...region.querySelectorAll('.photo-card')];
const formOf = (card) => card.querySelector('input[name=place]')?.form;

// The browser would drag the link and the picture themselves.
const reveal = () => {
  for (const each of region.querySelectorAll('.photo-card a, .photo-card img')) each.draggable = false;
  for (const each of region.querySelectorAll('#photo-list [data-script]')) each.hidden = false;
};

const pick = (place) => {
  const card = place.closest('.photo-card');
  const picture = card?.querySelector('img');
  return picture && formOf(card) && !place.closest('.acts, details') ? { picture, moved: [card], card } : null;
};

const drop = ({ card }, target) => {
  if (target === card) return;
  const form = formOf(card);
  form.elements.place.value = cards().indexOf(target) + 1;
  form.requestSubmit();
};

makeDraggable(region, { pick, drop, targetAt: (x, y) => document.elementFromPoint(x, y)?.closest('.photo-card') });
new MutationObserver(reveal).observe(region, { childList: true, subtree: true });
reveal();
