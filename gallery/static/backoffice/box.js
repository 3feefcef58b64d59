// The box around the object, drawn with Cropper.js; it fills in the four fields, which do without this script.
const form = document.querySelector('[data-box]');
const stage = form.querySelector('[data-box-stage]');
const fields = ['left', 'top', 'right', 'bottom'].map((name) => form.elements[name]);
const HANDLES = ['move', 'n-resize', 'e-resize', 's-resize', 'w-resize', 'ne-resize', 'nw-resize', 'se-resize', 'sw-resize'];
const START = [15, 15, 85, 85];

const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};

const percent = (share) => Math.round(1000 * Math.min(1, Math.max(0, share))) / 10;

const fillIn = (image, selection) => {
  const whole = image.getBoundingClientRect();
  const part = selection.getBoundingClientRect();
  const sides = [(part.left - whole.left) / whole.width, (part.top - whole.top) / whole.height, (part.right - whole.left) / whole.width, (part.bottom - whole.top) / whole.height];
  fields.forEach((field, place) => { field.value = percent(sides[place]); });
};

const surround = (image, selection) => {
  const typed = fields.map((field) => field.valueAsNumber);
  const [left, top, right, bottom] = typed.some(Number.isNaN) ? START : typed;
  if (right <= left || bottom <= top) return;
  const whole = image.getBoundingClientRect();
  const around = stage.firstElementChild.getBoundingClientRect();
  selection.$change(
    whole.left - around.left + (left / 100) * whole.width,
    whole.top - around.top + (top / 100) * whole.height,
    ((right - left) / 100) * whole.width,
    ((bottom - top) / 100) * whole.height,
  );
};

await import(form.dataset.cropper);
const image = element('cropper-image', { src: form.dataset.address, alt: form.dataset.alt, 'initial-center-size': 'contain' });
const handles = HANDLES.map((action) => element('cropper-handle', { action, 'theme-color': action === 'move' ? 'rgba(255, 255, 255, 0)' : '#86cbc8' }));
const selection = element('cropper-selection', { movable: '', resizable: '', keyboard: '', outlined: '' }, ...handles);
stage.replaceChildren(element('cropper-canvas', { background: '' }, image, element('cropper-shade', { hidden: '' }), selection));
form.querySelector('[data-box-help]').hidden = false;
let typing = false;
// The picture takes its place a moment after it is ready.
image.$ready(() => requestAnimationFrame(() => requestAnimationFrame(() => {
  surround(image, selection);
  selection.addEventListener('change', () => requestAnimationFrame(() => { if (!typing) fillIn(image, selection); }));
  if (fields.some((field) => field.value === '')) requestAnimationFrame(() => fillIn(image, selection));
})));
for (const field of fields) {
  field.addEventListener('input', () => {
    typing = true;
    surround(image, selection);
    requestAnimationFrame(() => requestAnimationFrame(() => { typing = false; }));
  });
}
