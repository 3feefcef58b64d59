// A box drawn around the object in one's own photo, with Cropper.js: loaded when somebody wants it, never needed.
const dialog = document.getElementById('box-dialog');
const stage = dialog.querySelector('[data-box-stage]');
const HANDLES = ['move', 'n-resize', 'e-resize', 's-resize', 'w-resize', 'ne-resize', 'nw-resize', 'se-resize', 'sw-resize'];

const START = 0.7;

const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};

const within = (share) => Math.min(1, Math.max(0, share));

// The selection as fractions of the picture: left, top, right, bottom.
const boxOf = (image, selection) => {
  const whole = image.getBoundingClientRect();
  const part = selection.getBoundingClientRect();
  return [
    within((part.left - whole.left) / whole.width),
    within((part.top - whole.top) / whole.height),
    within((part.right - whole.left) / whole.width),
    within((part.bottom - whole.top) / whole.height),
  ];
};

// Begins with a box in the middle of the picture.
const surround = (image, selection) => {
  const whole = image.getBoundingClientRect();
  const around = stage.getBoundingClientRect();
  const margin = (1 - START) / 2;
  selection.$change(whole.left - around.left + margin * whole.width, whole.top - around.top + margin * whole.height, START * whole.width, START * whole.height);
};

// Asks for a box around the object of the picture at this address; gives the box, null for the whole photo, undefined for no change.
export const askForBox = async (address, alt, cropper) => {
  await import(cropper);
  const image = element('cropper-image', { src: address, alt, 'initial-center-size': 'contain' });
  const handles = HANDLES.map((action) => element('cropper-handle', { action, 'theme-color': action === 'move' ? 'rgba(255, 255, 255, 0)' : '#86cbc8' }));
  const selection = element('cropper-selection', { movable: '', resizable: '', keyboard: '', outlined: '' }, ...handles);
  stage.replaceChildren(element('cropper-canvas', { background: '' }, image, element('cropper-shade', { hidden: '' }), selection));
  dialog.showModal();
  // The picture takes its place a moment after it is ready.
  image.$ready(() => requestAnimationFrame(() => requestAnimationFrame(() => surround(image, selection))));
  dialog.querySelector('h2').focus();
  return new Promise((resolve) => {
    const settle = (box) => {
      stage.replaceChildren();
      dialog.close();
      resolve(box);
    };
    dialog.querySelector('[data-box-keep]').onclick = () => settle(boxOf(image, selection));
    dialog.querySelector('[data-box-none]').onclick = () => settle(null);
    dialog.querySelector('[data-box-cancel]').onclick = () => settle(undefined);
    dialog.oncancel = () => settle(undefined);
  });
};
