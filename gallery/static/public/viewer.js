// An item's photos open in a viewer that zooms and swipes. Without this script each opens as a picture of its own.
import '../oldest.js';
import { optionsOf, tellPlaces } from '../photo-viewer.js';
import { closedByBack } from './covering.js';

const viewer = document.querySelector('[data-viewer]');

if (viewer) {
  const words = viewer.dataset;
  const { default: Lightbox } = await import(words.lightbox);
  // Where the viewer itself does not come.
  const openAlone = () => {
    location.assign(viewer.querySelectorAll('a')[lightbox.options.index].href);
    return new Promise(() => {});
  };
  const lightbox = new Lightbox({
    gallery: viewer,
    children: 'a',
    pswpModule: () => import(words.module).catch(openAlone),
    showHideAnimationType: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'none' : 'zoom',
    ...optionsOf(words),
  });
  lightbox.on('afterInit', () => {
    const { pswp } = lightbox;
    tellPlaces(pswp, words, (place) => viewer.querySelectorAll('a img')[place]?.alt);
    // While it opens it does not listen.
    pswp.on('destroy', closedByBack(() => {
      if (pswp.opener.isOpen) pswp.close();
      else pswp.on('openingAnimationEnd', () => pswp.close());
    }));
  });
  lightbox.init();
}
