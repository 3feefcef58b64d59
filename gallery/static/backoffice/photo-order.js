// An item's photos change their order by being dragged to one another's place, or by Shift and an arrow on the tick of one. The
// toolbar has buttons for the same, which also work without this script.
import '../oldest.js';
import { makeDraggable } from '../dragging.js';
import { submitBy } from '../submitting.js';

const region = document.getElementById('photos');
const cards = () => [...region.querySelectorAll('.photo-card')];
const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

// The browser would drag the link and the picture themselves.
const reveal = () => {
  for (const each of region.querySelectorAll('.photo-card a, .photo-card img')) each.draggable = false;
  for (const each of region.querySelectorAll('#photo-list [data-script]')) each.hidden = false;
};

// place: from 0.
const put = (card, place) => {
  const form = document.getElementById('place-form');
  form.action = card.dataset.place;
  form.elements.place.value = place + 1;
  submitBy(form);
};

const pick = (place) => {
  const card = place.closest('.photo-card');
  const picture = card?.querySelector('img');
  return picture && cards().length > 1 && !place.closest('details, label') ? { picture, moved: [card], card } : null;
};

const drop = ({ card }, target) => { if (target !== card) put(card, cards().indexOf(target)); };

region.addEventListener('keydown', (event) => {
  const card = event.target.closest('.photo-card');
  const place = cards().indexOf(card) + STEPS[event.key];
  if (!event.shiftKey || !event.target.matches('[name=photos]') || !cards()[place]) return;
  event.preventDefault();
  put(card, place);
});
makeDraggable(region, { pick, drop, targetAt: (x, y) => document.elementFromPoint(x, y)?.closest('.photo-card') });
new MutationObserver(reveal).observe(region, { childList: true, subtree: true });
reveal();
