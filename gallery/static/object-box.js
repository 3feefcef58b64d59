// The box around the object of a photo, with Cropper.js: drawn by mouse or finger, moved and sized by keyboard, said aloud.
import { element } from './element.js';

const HANDLES = ['move', 'n-resize', 'e-resize', 's-resize', 'w-resize', 'ne-resize', 'nw-resize', 'se-resize', 'sw-resize'];
const STEP = 0.01;
const BUTTON_STEP = 0.05;
const SMALLEST = 0.05;
const SAY_AFTER_MS = 400;
const WAYS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
// Left, top, right and bottom, as fractions of the photo's sides.
export const START = [0.15, 0.15, 0.85, 0.85];

const between = (least, value, most) => Math.min(most, Math.max(least, value));

const moved = ([left, top, right, bottom], [across, down]) => {
  const [x, y] = [between(-left, across, 1 - right), between(-top, down, 1 - bottom)];
  return [left + x, top + y, right + x, bottom + y];
};

const sized = ([left, top, right, bottom], [across, down]) => [
  left, top, between(Math.min(left + SMALLEST, 1), right + across, 1), between(Math.min(top + SMALLEST, 1), bottom + down, 1),
];

// Puts a photo and a box into the stage. keys: the element whose arrow keys move the box; changed: told after each change.
export const drawBox = async (stage, { address, alt, cropper, keys, label, help, said, sentence, changed = () => {} }) => {
  await import(cropper);
  const image = element('cropper-image', { src: address, alt, 'initial-center-size': 'contain' });
  const handles = HANDLES.map((action) => element('cropper-handle', { action, 'theme-color': action === 'move' ? 'rgba(255, 255, 255, 0)' : '#86cbc8' }));
  const selection = element('cropper-selection', { movable: '', resizable: '', outlined: '', precise: '', tabindex: '0', role: 'application', 'aria-label': label, 'aria-describedby': help }, ...handles);
  const canvas = element('cropper-canvas', { background: '' }, image, element('cropper-shade', { hidden: '' }), selection);
  stage.replaceChildren(canvas);

  const sides = () => {
    const whole = image.getBoundingClientRect();
    const part = selection.getBoundingClientRect();
    return [
      between(0, (part.left - whole.left) / whole.width, 1),
      between(0, (part.top - whole.top) / whole.height, 1),
      between(0, (part.right - whole.left) / whole.width, 1),
      between(0, (part.bottom - whole.top) / whole.height, 1),
    ];
  };
  const place = ([left, top, right, bottom]) => {
    const whole = image.getBoundingClientRect();
    const around = canvas.getBoundingClientRect();
    selection.$change(
      whole.left - around.left + left * whole.width,
      whole.top - around.top + top * whole.height,
      (right - left) * whole.width,
      (bottom - top) * whole.height,
    );
  };

  let timer = 0;
  const say = () => {
    const [left, top, right, bottom] = sides().map((side) => Math.round(100 * side));
    said.textContent = sentence.replace('{left}', left).replace('{right}', right).replace('{top}', top).replace('{bottom}', bottom);
  };
  const change = (act, way) => {
    place((act === 'size' ? sized : moved)(sides(), way));
    clearTimeout(timer);
    timer = setTimeout(say, SAY_AFTER_MS);
  };
  keys.onkeydown = (event) => {
    const way = WAYS[event.key];
    if (!way || event.altKey || event.ctrlKey || event.metaKey || event.target.matches('input, select, textarea')) return;
    event.preventDefault();
    change(event.shiftKey ? 'size' : 'move', way);
  };

  // Cropper.js places the picture when its loading is told, which Firefox does frames after its bytes are there.
  await image.$ready();
  do await new Promise(requestAnimationFrame); while (!image.$isReady && image.isConnected);
  selection.addEventListener('change', () => requestAnimationFrame(() => changed(sides())));
  // By buttons, for whoever can't drag (WCAG 2.5.7). act: "move" or "size"; across, down: -1, 0 or 1.
  const step = (act, across, down) => change(act, [across * BUTTON_STEP, down * BUTTON_STEP]);
  return { sides, place, step, focus: () => selection.focus() };
};
