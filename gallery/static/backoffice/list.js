// The list of items: tick all, say how many are ticked, and move with the keyboard. Keys work only while the focus is in
// the list (WCAG 2.1.4). Without this script the boxes and buttons do the same.
import '../oldest.js';

(() => {
  const form = document.querySelector('[data-bulk]');
  if (!form) return;

  const boxes = [...form.querySelectorAll('tbody input[type=checkbox]')];
  const rows = [...form.querySelectorAll('tbody tr')];
  const all = form.querySelector('[data-all]');
  const whole = form.querySelector('[data-whole]');
  const bulk = form.querySelector('.bulk');
  const count = form.querySelector('[data-count]');
  const live = form.querySelector('[data-live]');

  const tell = () => {
    const ticked = whole?.checked ? whole.value : boxes.filter((box) => box.checked).length;
    if (ticked > 0) bulk.open = true;
    if (ticked > 0 || bulk.open) count.textContent = form.dataset.chosen.replace('{count}', ticked);
    const shown = boxes.filter((box) => box.checked).length;
    all.checked = shown === boxes.length;
    all.indeterminate = shown > 0 && shown < boxes.length;
    boxes.forEach((box) => box.closest('tr').classList.toggle('is-ticked', box.checked));
    return ticked;
  };

  const announce = () => { live.textContent = form.dataset.chosen.replace('{count}', tell()); };

  const move = (row, step) => rows[rows.indexOf(row) + step]?.querySelector('a').focus();

  form.addEventListener('change', (event) => {
    if (event.target === all) boxes.forEach((box) => { box.checked = all.checked; });
    announce();
  });

  form.querySelector('tbody').addEventListener('keydown', (event) => {
    const row = event.target.closest('tr');
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const acts = {
      ArrowDown: () => move(row, 1),
      ArrowUp: () => move(row, -1),
      x: () => {
        const box = row.querySelector('input');
        box.checked = !box.checked;
        announce();
      },
    };
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  for (const each of document.querySelectorAll('[data-script]')) each.hidden = false;
  window.addEventListener('pageshow', tell);
  tell();
})();
