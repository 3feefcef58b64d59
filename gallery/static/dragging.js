// Something is dragged: by mouse at once, by finger or pen after a long press, which leaves quick strokes to scrolling.
// Near the top and the bottom the page scrolls for as long as it is held there. Escape lets go.
import { element } from './element.js';

const FAR_ENOUGH = 6;
const LONG_PRESS = 350;
const EDGE = 90;
const FASTEST = 40;

// pick(element): what is taken there, { picture, moved: [elements], ... }, or null; targetAt(x, y): where it would fall;
// drop(picked, target); floor(): how far down the page is free, when something lies over its lower end.
export const makeDraggable = (region, { pick, targetAt, drop, floor = () => window.innerHeight }) => {
  let drag = null;
  let isClickOfDrag = false;

  const show = (target) => {
    for (const each of region.querySelectorAll('.is-target')) if (each !== target) each.classList.remove('is-target');
    target?.classList.add('is-target');
  };

  const scroll = (y) => {
    const [above, below] = [EDGE - y, y - floor() + EDGE];
    const share = above > 0 ? -above / EDGE : Math.max(0, below) / EDGE;
    if (share && y < floor()) window.scrollBy({ top: Math.round(Math.min(1, Math.max(-1, share)) * FASTEST), behavior: 'instant' });
  };

  const follow = () => {
    if (!drag?.ghost) return;
    drag.ghost.style.left = `${drag.x}px`;
    drag.ghost.style.top = `${drag.y}px`;
    scroll(drag.y);
    show(targetAt(drag.x, drag.y));
    requestAnimationFrame(follow);
  };

  const begin = () => {
    const { picture, moved } = drag.picked;
    const count = moved.length > 1 ? [element('span', {}, String(moved.length))] : [];
    drag.ghost = element('div', { class: 'drag-ghost', 'aria-hidden': 'true' }, picture.cloneNode(), ...count);
    document.body.append(drag.ghost);
    document.documentElement.classList.add('is-dragging');
    for (const each of moved) each.classList.add('is-dragged');
    follow();
  };

  const end = () => {
    clearTimeout(drag?.timer);
    drag?.ghost?.remove();
    for (const each of region.querySelectorAll('.is-dragged')) each.classList.remove('is-dragged');
    document.documentElement.classList.remove('is-dragging');
    show(null);
    drag = null;
  };

  region.addEventListener('pointerdown', (event) => {
    isClickOfDrag = false;
    if (drag || event.button !== 0 || event.target.closest('input, select, textarea, button, summary')) return;
    const picked = pick(event.target);
    if (!picked) return;
    drag = { picked, startX: event.clientX, startY: event.clientY, x: event.clientX, y: event.clientY, pointer: event.pointerId };
    drag.isMouse = event.pointerType === 'mouse';
    if (!drag.isMouse) drag.timer = setTimeout(begin, LONG_PRESS);
  });

  document.addEventListener('pointermove', (event) => {
    if (!drag || event.pointerId !== drag.pointer) return;
    Object.assign(drag, { x: event.clientX, y: event.clientY });
    if (drag.ghost || Math.hypot(drag.x - drag.startX, drag.y - drag.startY) < FAR_ENOUGH) return;
    if (drag.isMouse) begin();
    else end();
  });

  document.addEventListener('pointerup', (event) => {
    if (!drag || event.pointerId !== drag.pointer) return;
    const { picked, ghost } = drag;
    const target = ghost && targetAt(event.clientX, event.clientY);
    end();
    isClickOfDrag = Boolean(ghost);
    if (target) drop(picked, target);
  });

  document.addEventListener('pointercancel', end);
  document.addEventListener('keydown', (event) => { if (event.key === 'Escape' && drag) end(); });
  // A finger that drags neither scrolls the page nor opens the menu of a picture; and no click follows.
  region.addEventListener('touchmove', (event) => { if (drag?.ghost) event.preventDefault(); }, { passive: false });
  region.addEventListener('contextmenu', (event) => { if (drag && !drag.isMouse) event.preventDefault(); });
  region.addEventListener('dragstart', (event) => { if (drag) event.preventDefault(); });
  region.addEventListener('click', (event) => {
    // A key clicks too, and no drag has led to that.
    if (isClickOfDrag && event.detail) event.preventDefault();
    isClickOfDrag = false;
  }, { capture: true });
};
