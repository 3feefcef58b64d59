// Dragging in the sorting table: a photo, all that are ticked, or a whole object by its name.
import { makeDraggable } from '../dragging.js';
import { boxesOf } from './lot-ticks.js';

const photosIn = (row) => [...row.querySelectorAll('[data-photo]')];
const names = (photos) => photos.map((each) => each.dataset.photo);

// act(name, more): what is done with what was dragged, by the service.
export const takeDrags = (region, act) => {
  const pick = (place) => {
    const photo = place.closest('[data-photo]');
    const row = place.closest('[data-whole]')?.closest('tr');
    if (!photo && !row) return null;
    const isTicked = (photo ?? row).querySelector(photo ? 'input[name=photo]' : 'input[name=objet]').checked;
    const ticked = boxesOf(region, photo ? 'photo' : 'objet').filter((box) => box.checked);
    const taken = isTicked ? ticked.map((box) => box.closest(photo ? '[data-photo]' : 'tr')) : [photo ?? row];
    const moved = photo ? taken : taken.flatMap(photosIn);
    return { picture: moved[0].querySelector('img'), moved, isWhole: !photo, from: photo ? photo.closest('tr') : row };
  };

  const drop = ({ moved, isWhole, from }, target) => {
    if (target === from) return;
    if (!isWhole) act('deplacer', { photo: names(moved), objet: [], vers: [target.dataset.group] });
    else if (target.matches('tr')) act('reunir', { photo: names([...moved, ...photosIn(target)]), objet: [] });
  };

  makeDraggable(region, {
    pick,
    drop,
    targetAt: (x, y) => document.elementFromPoint(x, y)?.closest('[data-group]'),
    floor: () => region.querySelector('.lot-new')?.getBoundingClientRect().top ?? window.innerHeight,
  });
};
