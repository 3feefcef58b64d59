// The sorting table without leaving the page: acts are sent and the table is taken from the answer, arrows go from cell to
// cell, and a photo is dragged to another object. Without this script the same form loads the page anew.
import { element } from '../element.js';

const FAR_ENOUGH = 6;
const EDGE = 60;
const STEP = 18;
const region = document.getElementById('waiting');
const form = () => region.querySelector('[data-sorting]');
const live = () => region.querySelector('[data-sorted]');

const reveal = () => {
  for (const each of region.querySelectorAll('[data-script]')) each.hidden = false;
};

// Where the focus was: the same field, else the same column of the row that now stands where the old one did.
const placeOf = (cell) => {
  const row = cell?.closest?.('tr[data-group]');
  return { id: cell?.id, column: cell?.dataset?.cell, row: row ? rows().indexOf(row) : -1 };
};

const restore = ({ id, column, row }) => {
  const there = id && document.getElementById(id);
  const target = there ?? (column && row >= 0 ? cellOf(rows()[Math.min(row, rows().length - 1)], column, 0) : null);
  target?.focus({ preventScroll: true });
};

const take = (page, place) => {
  for (const id of ['waiting', 'messages']) {
    const fresh = page.getElementById(id);
    if (fresh) document.getElementById(id).replaceChildren(...fresh.childNodes);
  }
  reveal();
  restore(place);
};

const send = async (name, more = {}) => {
  const sent = form();
  if (sent.getAttribute('aria-busy') === 'true') return;
  sent.setAttribute('aria-busy', 'true');
  const place = placeOf(document.activeElement);
  const body = new URLSearchParams(new FormData(sent));
  body.set('acte', name);
  for (const [field, values] of Object.entries(more)) {
    body.delete(field);
    for (const value of values) body.append(field, value);
  }
  try {
    const answer = await fetch(sent.action, { method: 'POST', body });
    if (!answer.ok || new URL(answer.url).pathname !== location.pathname) throw new Error(answer.statusText);
    take(new DOMParser().parseFromString(await answer.text(), 'text/html'), place);
    live().textContent = more.photo ? form().dataset.moved : '';
  } catch {
    sent.removeAttribute('aria-busy');
    live().textContent = sent.dataset.failed;
  }
};

const IN_PLACE = /^(noter|reunir|separer|deplacer|annuler|tout-accepter|accepter:.*|appliquer|ignorer:.*)$/;
region.addEventListener('submit', (event) => {
  const button = event.submitter;
  if (!event.target.matches('[data-sorting]') || button?.name !== 'acte' || !IN_PLACE.test(button.value)) return;
  event.preventDefault();
  send(button.value);
});

// Keys, as in a spreadsheet. Tab goes from field to field as on any page, so the focus is never held.
const rows = () => [...region.querySelectorAll('tr[data-group]')];
const cells = (row) => [...(row?.querySelectorAll('[data-cell]') ?? [])];
const cellOf = (row, column, index) => {
  const same = cells(row).filter((cell) => cell.dataset.cell === column);
  return same[Math.min(index, same.length - 1)] ?? cells(row)[0];
};

const isOpen = (cell) => {
  try {
    return cell.matches('select:open');
  } catch {
    return false;
  }
};

const isText = (cell) => cell.matches('input:not([type=checkbox])');
const atStart = (cell) => !isText(cell) || (cell.selectionStart === 0 && cell.selectionEnd === 0);
const atEnd = (cell) => !isText(cell) || cell.selectionStart === cell.value.length;

const go = (cell) => {
  if (!cell) return;
  cell.focus();
  if (isText(cell)) cell.select();
};

const across = (cell, step) => {
  const all = cells(cell.closest('tr'));
  go(all[all.indexOf(cell) + step]);
};

const down = (cell, step) => {
  const row = cell.closest('tr');
  const column = cell.dataset.cell;
  const index = cells(row).filter((each) => each.dataset.cell === column).indexOf(cell);
  go(cellOf(rows()[rows().indexOf(row) + step], column, index));
};

const MOVES = {
  ArrowDown: (cell) => down(cell, 1),
  ArrowUp: (cell) => down(cell, -1),
  ArrowRight: (cell) => across(cell, 1),
  ArrowLeft: (cell) => across(cell, -1),
  Enter: (cell, event) => down(cell, event.shiftKey ? -1 : 1),
};

const mayMove = (cell, key) => {
  if (key === 'ArrowLeft') return atStart(cell);
  if (key === 'ArrowRight') return atEnd(cell);
  return key !== 'Enter' || !cell.matches('button');
};

const undo = (event) => {
  const cell = event.target;
  if (event.shiftKey || event.key.toLowerCase() !== 'z' || !(event.ctrlKey || event.metaKey)) return;
  // In a field that was written in, the browser takes letters back.
  if (cell.matches?.('input:not([type=checkbox])') && cell.value !== cell.defaultValue) return;
  if (!form()?.querySelector('[data-undo]')) return;
  event.preventDefault();
  send('annuler');
};

region.addEventListener('keydown', (event) => {
  undo(event);
  const cell = event.target.closest('[data-cell]');
  if (!cell || event.altKey || event.ctrlKey || event.metaKey || event.isComposing || isOpen(cell)) return;
  if (!MOVES[event.key] || !mayMove(cell, event.key)) return;
  event.preventDefault();
  MOVES[event.key](cell, event);
});

// Dragging, by mouse from the whole photo, by finger or pen from its handle, which leaves the rest to scrolling.
let drag = null;
let hasDragged = false;

const targetAt = (x, y) => document.elementFromPoint(x, y)?.closest('[data-group]');

const showTarget = (target) => {
  for (const each of region.querySelectorAll('.is-target')) each.classList.remove('is-target');
  target?.classList.add('is-target');
};

const begin = () => {
  const ticked = [...region.querySelectorAll('input[name=photo]:checked')].map((box) => box.value);
  const own = drag.photo.dataset.photo;
  drag.photos = ticked.includes(own) ? ticked : [own];
  const picture = drag.photo.querySelector('img').cloneNode();
  drag.ghost = element('div', { class: 'lot-ghost', 'aria-hidden': 'true' }, picture);
  document.body.append(drag.ghost);
  for (const each of drag.photos) region.querySelector(`[data-photo="${CSS.escape(each)}"]`)?.classList.add('is-dragged');
};

const scroll = (y) => {
  if (y < EDGE) window.scrollBy(0, -STEP);
  else if (y > window.innerHeight - EDGE) window.scrollBy(0, STEP);
};

const end = () => {
  drag?.ghost?.remove();
  for (const each of region.querySelectorAll('.is-dragged')) each.classList.remove('is-dragged');
  showTarget(null);
  drag = null;
};

region.addEventListener('pointerdown', (event) => {
  const photo = event.target.closest('[data-photo]');
  const mayDrag = event.pointerType === 'mouse' ? event.button === 0 : event.target.closest('[data-handle]');
  if (!photo || !mayDrag) return;
  if (event.target.closest('[data-handle]')) event.preventDefault();
  hasDragged = false;
  drag = { photo, x: event.clientX, y: event.clientY, pointer: event.pointerId };
});

document.addEventListener('pointermove', (event) => {
  if (!drag || event.pointerId !== drag.pointer) return;
  const { clientX: x, clientY: y } = event;
  if (!drag.ghost && Math.hypot(x - drag.x, y - drag.y) < FAR_ENOUGH) return;
  if (!drag.ghost) begin();
  drag.ghost.style.left = `${x}px`;
  drag.ghost.style.top = `${y}px`;
  showTarget(targetAt(x, y));
  scroll(y);
});

document.addEventListener('pointerup', (event) => {
  if (!drag || event.pointerId !== drag.pointer) return;
  const target = drag.ghost && targetAt(event.clientX, event.clientY);
  const { photos, photo, ghost } = drag;
  end();
  if (!ghost) return;
  hasDragged = true;
  if (target && target !== photo.closest('[data-group]')) send('deplacer', { photo: photos, objet: [], vers: [target.dataset.group] });
});

// The click that follows a drag would tick the photo.
region.addEventListener('click', (event) => {
  if (hasDragged) event.preventDefault();
  hasDragged = false;
}, { capture: true });
document.addEventListener('pointercancel', end);
document.addEventListener('keydown', (event) => { if (event.key === 'Escape') end(); });
new MutationObserver(reveal).observe(region, { childList: true });
reveal();
