// Fields of the sorting table, which answers make anew: what is written in them and not sent yet is written into the new ones.

export const fieldsOf = (region) => [...region.querySelectorAll('tr input[data-cell]:not([type=checkbox]), tr select[data-cell]')];

export const isWritten = (field) => {
  if (field.matches('[type=checkbox]')) return field.checked !== field.defaultChecked;
  if (!field.matches('select')) return field.value !== field.defaultValue;
  return field.selectedOptions[0] !== ([...field.options].find((option) => option.defaultSelected) ?? field.options[0]);
};

export const settle = (field) => {
  if (!field.matches('select')) field.defaultValue = field.value;
  const chosen = field.selectedOptions?.[0];
  for (const option of field.options ?? []) option.defaultSelected = option === chosen;
};

// Lists that are the same in every row are filled from the one of the whole table once they are looked into.
const fill = (list) => {
  const all = list.dataset.options && document.getElementById(list.dataset.options);
  if (!all || list.dataset.isFull) return;
  list.dataset.isFull = 'yes';
  const known = new Set([...list.options].map((option) => option.value));
  for (const option of all.options) if (!known.has(option.value)) list.append(option.cloneNode(true));
};

export const fillLists = (region) => {
  for (const kind of ['focusin', 'pointerdown']) region.addEventListener(kind, (event) => { if (event.target.matches('select')) fill(event.target); });
};

// What is written while an act is on its way belongs to the object, whatever key its row has now.
const inRows = (region, before) => fieldsOf(region).filter((field) => before.has(field) && before.get(field) !== field.value).map((field) => ({
  value: field.value, column: field.dataset.cell, photo: field.closest('tr').querySelector('[data-photo]').dataset.photo, id: field.id,
}));

// What fills many objects, who consulted FOVeS and when, is sent with an act of its own. The tick that vouches goes, since it
// is about the table as it was; the one that ticks all follows the others.
const aroundRows = (region, isUsed) => [...region.querySelectorAll('input[id]:not([type=hidden]), select[id]')]
  .filter((field) => !field.closest('tr') && !field.matches('#verifie, [data-all]') && isWritten(field) && !isUsed(field))
  .map(({ id, value, checked }) => ({ id, value, checked }));

// before: what the rows' fields said when the act was sent; isUsed: whether the act was done with what a field says.
export const writtenIn = (region, before, isUsed) => [...inRows(region, before), ...aroundRows(region, isUsed)];

export const writeAgain = (region, { id, column, photo, value, checked }) => {
  const row = photo && region.querySelector(`[data-photo="${CSS.escape(photo)}"]`)?.closest('tr');
  const field = document.getElementById(id) ?? row?.querySelector?.(`[data-cell=${column}]`);
  if (!field || (field === document.activeElement && field.value === value)) return;
  if (field.matches('select')) fill(field);
  if (field.matches('[type=checkbox]')) field.checked = checked;
  // An object that was chosen may be gone.
  else if (!field.matches('select') || [...field.options].some((option) => option.value === value)) field.value = value;
};

// What a field sends, empty for a box that is not ticked.
export const saidIn = (field) => (field.matches('[type=checkbox]') && !field.checked ? '' : field.value);
