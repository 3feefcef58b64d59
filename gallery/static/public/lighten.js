// Photos that are chosen in a form are made smaller at once: those of a telephone together weigh more than a form may.
// Without this script a few fit, and the service says so of more.
import '../oldest.js';
import { submitBy } from '../submitting.js';
import { reduced } from './reduce.js';

const status = document.querySelector('[data-lightening]');
const fields = [...document.querySelectorAll('input[type=file][multiple]')];
const atWork = new Map();

const lighten = async (field) => {
  const lighter = new DataTransfer();
  for (const file of field.files) {
    const smaller = file.type.startsWith('image/') ? await reduced(file) : file;
    lighter.items.add(smaller === file ? file : new File([smaller], file.name, { type: 'image/jpeg' }));
  }
  return lighter.files;
};

const tell = () => { status.textContent = atWork.size ? status.dataset.lightening : ''; };

const begin = (field) => {
  const work = lighten(field).then((files) => {
    // Others may have been chosen meanwhile: then these are nobody's.
    if (atWork.get(field) === work) field.files = files;
  }).finally(() => {
    if (atWork.get(field) === work) atWork.delete(field);
    tell();
  });
  atWork.set(field, work);
  tell();
};

// Sent once, by the first button pressed, when all photos are ready.
const holdBack = (form) => {
  let isHeld = false;
  form.addEventListener('submit', async (event) => {
    if (!atWork.size) return;
    event.preventDefault();
    if (isHeld) return;
    isHeld = true;
    while (atWork.size) await Promise.allSettled(atWork.values());
    isHeld = false;
    submitBy(form, event.submitter);
  });
};

new Set(fields.map(({ form }) => form)).forEach(holdBack);
for (const field of fields) {
  field.addEventListener('change', () => { begin(field); });
  // What was chosen before this script had come, on a slow line.
  if (field.files.length) begin(field);
}
