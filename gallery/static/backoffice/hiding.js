// Zones of a photo to hide, drawn over it by mouse, finger and keyboard. Each is a line of the form, which does without this script.
import '../oldest.js';

const form = document.querySelector('[data-hiding]');
const stage = form.querySelector('[data-stage]');
const lines = form.querySelector('[data-lines]');
const said = form.querySelector('[data-said]');
const { width, height } = stage.viewBox.baseVal;
const STEP = 0.01;
const SMALLEST = 0.004;
const WAYS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
const zones = [];
let kept = true;

const between = (least, value, most) => Math.min(most, Math.max(least, value));
const filled = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const percent = (sides) => sides.map((side) => (100 * side).toFixed(2)).join(',');

const whereOf = ([left, top, right, bottom]) => {
  const [l, t, r, b] = [left, top, right, bottom].map((side) => Math.round(100 * side));
  return filled(form.dataset.where, { left: l, top: t, right: r, bottom: b });
};

const show = (zone) => {
  const [left, top, right, bottom] = zone.sides;
  const [rect, text] = zone.drawn.children;
  const put = (attributes) => Object.entries(attributes).forEach(([name, value]) => rect.setAttribute(name, value));
  put({ x: left * width, y: top * height, width: (right - left) * width, height: (bottom - top) * height });
  text.setAttribute('x', left * width + width / 100);
  text.setAttribute('y', top * height + width / 25);
  zone.drawn.toggleAttribute('data-hides', zone.tick.checked);
  const order = zones.indexOf(zone) + 1;
  text.textContent = order;
  zone.line.querySelector('[data-order]').textContent = order;
  zone.line.querySelector('[data-where]').textContent = whereOf(zone.sides);
  zone.drawn.setAttribute('aria-label', filled(form.dataset.label, { order, where: whereOf(zone.sides) }));
  zone.tick.id = `zone-${order}`;
  zone.line.querySelector('label').htmlFor = zone.tick.id;
  zone.tick.value = `${zone.kind}:${percent(zone.sides)}`;
  zone.line.querySelector('[name=zones]').value = zone.tick.value;
  form.querySelector('[data-none]').hidden = zones.length > 0;
};

const change = (zone, sides) => {
  const [left, top, right, bottom] = sides;
  zone.sides = [between(0, left, 1), between(0, top, 1), between(0, right, 1), between(0, bottom, 1)];
  kept = false;
  show(zone);
};

const remove = (zone) => {
  zones.splice(zones.indexOf(zone), 1);
  zone.drawn.remove();
  zone.line.remove();
  kept = false;
  zones.forEach(show);
  form.querySelector('[data-none]').hidden = zones.length > 0;
};

const move = ([left, top, right, bottom], [across, down]) => {
  const [x, y] = [between(-left, across, 1 - right), between(-top, down, 1 - bottom)];
  return [left + x, top + y, right + x, bottom + y];
};
const size = ([left, top, right, bottom], [across, down]) => [left, top, Math.max(left + STEP, right + across), Math.max(top + STEP, bottom + down)];

const take = (drawn, line) => {
  const tick = line.querySelector('[name=cache]');
  const [kind, numbers] = tick.value.split(':');
  const zone = { drawn, line, tick, kind, sides: numbers.split(',').map((side) => side / 100) };
  zones.push(zone);
  drawn.setAttribute('tabindex', '0');
  drawn.setAttribute('role', 'application');
  tick.addEventListener('change', () => { kept = false; show(zone); });
  drawn.addEventListener('keydown', (event) => {
    const way = WAYS[event.key];
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'Delete' || event.key === 'Backspace') {
      remove(zone);
      form.querySelector('[data-new]').focus();
    } else if (way) {
      change(zone, (event.shiftKey ? size : move)(zone.sides, way));
      said.textContent = whereOf(zone.sides);
    } else return;
    event.preventDefault();
  });
  show(zone);
  return zone;
};

const begin = (sides) => {
  if (zones.length >= form.dataset.most) return null;
  const drawn = form.querySelector('[data-drawn-model]').content.querySelector('g').cloneNode(true);
  const line = form.querySelector('[data-line-model]').content.querySelector('li').cloneNode(true);
  line.querySelector('[name=cache]').value = `zone:${percent(sides)}`;
  stage.append(document.adoptNode(drawn));
  lines.append(line);
  kept = false;
  return take(drawn, line);
};

const at = (event) => {
  const around = stage.getScreenCTM().inverse();
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(around);
  return [between(0, point.x / width, 1), between(0, point.y / height, 1)];
};
// A finger's width around the corner at the bottom right.
const isCorner = (zone, [x, y]) => {
  const reach = 22 / stage.getScreenCTM().a;
  return Math.abs(x - zone.sides[2]) * width < reach && Math.abs(y - zone.sides[3]) * height < reach;
};

stage.addEventListener('pointerdown', (event) => {
  if (event.button !== 0) return;
  event.preventDefault();
  const start = at(event);
  const touched = zones.find((zone) => isCorner(zone, start)) ?? [...zones].reverse().find((zone) => zone.drawn.contains(event.target));
  const before = touched?.sides;
  const isSizing = touched && isCorner(touched, start);
  let zone = touched;
  touched?.drawn.focus();
  const follow = (to) => {
    const here = at(to);
    const way = [here[0] - start[0], here[1] - start[1]];
    if (before) change(zone, (isSizing ? size : move)(before, way));
    else if (zone || Math.abs(way[0]) > SMALLEST || Math.abs(way[1]) > SMALLEST) {
      const sides = [Math.min(start[0], here[0]), Math.min(start[1], here[1]), Math.max(start[0], here[0]), Math.max(start[1], here[1])];
      zone ??= begin(sides);
      if (zone) change(zone, sides);
    }
  };
  const end = () => {
    stage.removeEventListener('pointermove', follow);
    if (zone && !before && (zone.sides[2] - zone.sides[0] < SMALLEST || zone.sides[3] - zone.sides[1] < SMALLEST)) remove(zone);
    else if (zone) said.textContent = whereOf(zone.sides);
  };
  stage.setPointerCapture(event.pointerId);
  stage.addEventListener('pointermove', follow);
  stage.addEventListener('lostpointercapture', end, { once: true });
});

const fresh = form.querySelector('[data-new]');
fresh.addEventListener('click', () => begin([0.35, 0.35, 0.65, 0.65])?.drawn.focus());
form.addEventListener('submit', () => { kept = true; });
addEventListener('beforeunload', (event) => { if (!kept) event.preventDefault(); });

[...stage.querySelectorAll('[data-drawn]')].forEach((drawn, index) => take(drawn, lines.children[index]));
fresh.hidden = false;
for (const hint of form.querySelectorAll('[data-script]')) hint.hidden = false;
stage.dataset.live = '';
