// A photo of the sorting table as large as there is room, with the others of its object, or both of a pair: for whoever looks
// before deciding. Without this script, or where the viewer does not come, its link opens the picture by itself.
import '../oldest.js';
import { optionsOf, tellPlaces } from '../photo-viewer.js';

const region = document.getElementById('waiting');
const words = region.dataset;

const shownBy = (link) => ({
  src: link.href, alt: link.dataset.large, width: Number(link.dataset.width), height: Number(link.dataset.height),
});

const open = async (link) => {
  const links = [...link.closest('.lot-photos, .lot-pair').querySelectorAll('[data-large]')];
  const { default: PhotoSwipe } = await import(words.module);
  const pswp = new PhotoSwipe({
    ...optionsOf(words), dataSource: links.map(shownBy), index: links.indexOf(link), showHideAnimationType: 'none', returnFocus: false,
  });
  pswp.init();
  tellPlaces(pswp, words, (place) => links[place].dataset.large);
  // The row may have come anew meanwhile.
  pswp.on('destroy', () => document.getElementById(link.id)?.focus({ preventScroll: true }));
};

region.addEventListener('click', (event) => {
  const link = event.target.closest('[data-large]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(link).catch(() => location.assign(link.href));
});
