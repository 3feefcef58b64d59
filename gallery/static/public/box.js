// A box drawn around the object in one's own photo: loaded when somebody wants it, never needed.
import { drawBox, START } from '../object-box.js';
import { closedByBack } from './covering.js';

const dialog = document.getElementById('box-dialog');
const stage = dialog.querySelector('[data-box-stage]');
const said = dialog.querySelector('[data-box-said]');
const steps = [...dialog.querySelectorAll('[data-box-step]')];
const keep = dialog.querySelector('[data-box-keep]');

// Asks for a box around the object of the picture at this address; gives the box, null for the whole photo, undefined for no
// change; rejects where it can't be drawn.
export const askForBox = (address, alt, cropper, before) => new Promise((resolve, reject) => {
  let box = null;
  let isSettled = false;
  const settle = (answer) => {
    isSettled = true;
    closed();
    stage.replaceChildren();
    dialog.close();
    resolve(answer);
  };
  keep.disabled = true;
  for (const button of steps) {
    const { boxStep, across, down } = button.dataset;
    button.onclick = () => box?.step(boxStep, Number(across), Number(down));
  }
  keep.onclick = () => settle(box.sides());
  dialog.querySelector('[data-box-none]').onclick = () => settle(null);
  dialog.querySelector('[data-box-cancel]').onclick = () => settle(undefined);
  dialog.oncancel = () => settle(undefined);
  said.textContent = '';
  dialog.showModal();
  const closed = closedByBack(() => settle(undefined));
  dialog.querySelector('h2').focus();
  drawBox(stage, { address, alt, cropper, keys: dialog, said, label: dialog.dataset.label, help: dialog.dataset.help, sentence: dialog.dataset.said }).then((drawn) => {
    // The dialog may be of another photo by now.
    if (isSettled) return;
    box = drawn;
    box.place(before ?? START);
    keep.disabled = false;
    box.focus();
  }).catch((error) => {
    reject(error);
    if (!isSettled) settle();
  });
});
