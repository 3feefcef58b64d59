// The way to search without sending the photo: offered where the browser can describe a photo itself, else told to be none.
import { element } from '../element.js';

// Some browsers give noise in place of the pixels of a page, so that nobody is told by them.
const givesPixels = () => {
  const pen = element('canvas').getContext('2d');
  pen.fillStyle = '#2a6496';
  pen.fillRect(0, 0, 8, 8);
  return [...pen.getImageData(0, 0, 8, 8).data].every((level, at) => level === [0x2a, 0x64, 0x96, 255][at % 4]);
};

const isAble = () => {
  try {
    return Boolean(window.Worker && window.createImageBitmap) && givesPixels();
  } catch {
    return false;
  }
};

// Whether the visitor's photos stay on the device, as a function; changed: called after each change of mind.
export const offerOwnWay = (form, changed) => {
  const offer = form.querySelector('[data-own-way]');
  if (!offer) return () => false;
  const able = isAble();
  offer.hidden = !able;
  offer.classList.add('is-offered');
  form.querySelector('[data-own-way-unable]').hidden = able;
  const box = offer.querySelector('input');
  // Kept by a browser that goes back.
  box.checked = false;
  box.addEventListener('change', changed);
  return () => box.checked;
};
