// The box around the object, drawn over the photo; it fills in the four fields, which do without this script.
import { canDrawBoxes } from '../oldest.js';
import { drawBox, START } from '../object-box.js';

const form = document.querySelector('[data-box]');
const fields = ['left', 'top', 'right', 'bottom'].map((name) => form.elements[name]);
const typed = () => fields.map((field) => field.valueAsNumber / 100);
let typing = false;

const fillIn = (sides) => {
  if (!typing) fields.forEach((field, place) => { field.value = Math.round(1000 * sides[place]) / 10; });
};

const follow = (box) => {
  const [left, top, right, bottom] = typed();
  if (!(left < right && top < bottom)) return;
  typing = true;
  box.place([left, top, right, bottom]);
  requestAnimationFrame(() => requestAnimationFrame(() => { typing = false; }));
};

const begin = async () => {
  const { address, alt, cropper, label, said: sentence } = form.dataset;
  const stage = form.querySelector('[data-box-stage]');
  const help = form.querySelector('[data-box-help]');
  const box = await drawBox(stage, { address, alt, cropper, keys: stage, label, help: help.id, said: form.querySelector('[data-box-said]'), sentence, changed: fillIn });
  help.hidden = false;
  box.place(typed().some(Number.isNaN) ? START : typed());
  for (const field of fields) field.addEventListener('input', () => follow(box));
};

if (canDrawBoxes) begin();
