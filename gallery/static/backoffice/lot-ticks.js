// Ticks of the sorting table: one by one, all between two with Shift, or all objects of the page; and how many photos that is.
export const boxesOf = (region, name) => [...region.querySelectorAll(`input[name=${name}]`)];

const photosOf = (box) => `${[...box.closest('tr').querySelectorAll('[data-photo]')].map((photo) => photo.dataset.photo)}`;

// A row that comes anew is ticked as it was: an object only while it has the same photos.
export const tickedIn = (region) => {
  const ticked = (name) => boxesOf(region, name).filter((box) => box.checked);
  return { photos: new Set(ticked('photo').map((box) => box.value)), objects: new Set(ticked('objet').map(photosOf)) };
};

export const tickAgain = (region, { photos, objects }) => {
  for (const box of boxesOf(region, 'photo')) if (photos.has(box.value)) box.checked = true;
  for (const box of boxesOf(region, 'objet')) if (objects.has(photosOf(box))) box.checked = true;
};

// By itself or with its object; `:has` would be refused by browsers of a few years ago.
const isTicked = (photo) => photo.querySelector('input[name=photo]')?.checked
  || photo.closest('tr')?.querySelector('input[name=objet]')?.checked;

const tell = (region) => {
  const all = region.querySelector('[data-all]');
  if (!all) return;
  const objects = boxesOf(region, 'objet');
  const ticked = objects.filter((box) => box.checked);
  all.checked = ticked.length === objects.length;
  all.indeterminate = !all.checked && ticked.length > 0;
  const photos = [...region.querySelectorAll('[data-photo]')].filter(isTicked).length;
  const said = region.querySelector('[data-ticked]');
  said.textContent = photos ? said.dataset.ticked.replace('{photos}', photos) : '';
};

export const takeTicks = (region) => {
  let last = null;
  const tickTo = (box, isRun) => {
    const all = boxesOf(region, box.name);
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((one, other) => one - other);
    if (isRun && from >= 0) for (const each of all.slice(from, to + 1)) each.checked = box.checked;
    last = box;
  };
  region.addEventListener('click', (event) => {
    const label = event.shiftKey && event.target.closest('label[for]');
    const box = label ? document.getElementById(label.htmlFor) : event.target;
    if (!box?.matches('input[name=photo], input[name=objet]')) return;
    if (label) {
      event.preventDefault();
      box.checked = !box.checked;
    }
    tickTo(box, event.shiftKey);
    tell(region);
  });
  region.addEventListener('change', ({ target }) => {
    if (target.matches('[data-all]')) for (const box of boxesOf(region, 'objet')) box.checked = target.checked;
    tell(region);
  });
  new MutationObserver(() => tell(region)).observe(region, { childList: true });
  tell(region);
};
