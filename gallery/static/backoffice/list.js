// The list of items: tick all, say how many are ticked, and move with the keyboard. Keys work only while the focus is in
// the list (WCAG 2.1.4). Without this script the boxes and buttons do the same.
(() => {
  const form = document.querySelector('[data-bulk]');
  if (!form) return;

  const boxes = [...form.querySelectorAll('tbody input[type=checkbox]')];
  const rows = [...form.querySelectorAll('tbody tr')];
  const all = form.querySelector('[data-all]');
  const bulk = form.querySelector('.bulk');
  const count = form.querySelector('[data-count]');

  const tell = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    if (ticked > 0) bulk.open = true;
    if (ticked > 0 || bulk.open) count.textContent = form.dataset.chosen.replace('{count}', ticked);
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
    boxes.forEach((box) => box.closest('tr').classList.toggle('is-ticked', box.checked));
  };

  const move = (row, step) => rows[rows.indexOf(row) + step]?.querySelector('a').focus();

  form.addEventListener('change', (event) => {
    if (event.target === all) boxes.forEach((box) => { box.checked = all.checked; });
    tell();
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
        tell();
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
