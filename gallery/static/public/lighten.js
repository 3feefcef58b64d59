// Photos that are chosen in a form are made smaller at once: those of a telephone together weigh more than a form may.
// Without this script a few fit, and the service says so of more.
import '../oldest.js';
import { submitBy } from '../submitting.js';
import { reduced } from './reduce.js';

const atWork = new Map();

const lighten = async (field) => {
  const lighter = new DataTransfer();
  for (const file of field.files) {
    const smaller = file.type.startsWith('image/') ? await reduced(file) : file;
    lighter.items.add(smaller === file ? file : new File([smaller], file.name, { type: 'image/jpeg' }));
  }
  return lighter.files;
};

const begin = (field) => {
  const work = lighten(field).then((files) => {
    // Others may have been chosen meanwhile: then these are nobody's.
    if (atWork.get(field) === work) field.files = files;
  }).finally(() => { if (atWork.get(field) === work) atWork.delete(field); });
  atWork.set(field, work);
};

for (const field of document.querySelectorAll('input[type=file][multiple]')) {
  field.addEventListener('change', () => { begin(field); });
  field.form.addEventListener('submit', async (event) => {
    if (!atWork.has(field)) return;
    event.preventDefault();
    event.submitter.disabled = true;
    await Promise.allSettled(atWork.values());
    event.submitter.disabled = false;
    submitBy(field.form, event.submitter);
  });
}
