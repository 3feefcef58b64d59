// Keys in the sorting table, as in a spreadsheet: arrows and Enter go from cell to cell. Tab goes from field to field as on
// any page, so the focus is never held.
const cells = (row) => [...(row?.querySelectorAll('[data-cell]') ?? [])];

export const rowsOf = (region) => [...region.querySelectorAll('tr[data-group]')];

// The cell of a row in this column, at this place among several (photos), or as near to it as there is.
export const cellOf = (row, column, index) => {
  const same = cells(row).filter((cell) => cell.dataset.cell === column);
  return same[Math.min(index, same.length - 1)] ?? cells(row)[0];
};

const isOpen = (cell) => {
  try {
    return cell.matches('select:open');
  } catch {
    return false;
  }
};

const isText = (cell) => cell.matches('input:not([type=checkbox])');
const atStart = (cell) => !isText(cell) || (cell.selectionStart === 0 && cell.selectionEnd === 0);
const atEnd = (cell) => !isText(cell) || cell.selectionStart === cell.value.length;

const go = (cell) => {
  if (!cell) return;
  cell.focus();
  if (isText(cell)) cell.select();
};

const across = (cell, step) => {
  const all = cells(cell.closest('tr'));
  go(all[all.indexOf(cell) + step]);
};

const down = (cell, step) => {
  const row = cell.closest('tr');
  const column = cell.dataset.cell;
  const index = cells(row).filter((each) => each.dataset.cell === column).indexOf(cell);
  const all = rowsOf(row.closest('table'));
  go(cellOf(all[all.indexOf(row) + step], column, index));
};

const MOVES = {
  ArrowDown: (cell) => down(cell, 1),
  ArrowUp: (cell) => down(cell, -1),
  ArrowRight: (cell) => across(cell, 1),
  ArrowLeft: (cell) => across(cell, -1),
  Enter: (cell, event) => down(cell, event.shiftKey ? -1 : 1),
};

const mayMove = (cell, key) => {
  if (key === 'ArrowLeft') return atStart(cell);
  if (key === 'ArrowRight') return atEnd(cell);
  return key !== 'Enter' || !cell.matches('button');
};

export const takeKeys = (region) => {
  region.addEventListener('keydown', (event) => {
    const cell = event.target.closest('[data-cell]');
    if (!cell || event.altKey || event.ctrlKey || event.metaKey || event.isComposing || isOpen(cell)) return;
    if (!MOVES[event.key] || !mayMove(cell, event.key)) return;
    event.preventDefault();
    MOVES[event.key](cell, event);
  });
};
