// An item's photos open in a viewer that zooms and swipes. Without this script each opens as a picture of its own.
import '../oldest.js';
import { element } from '../element.js';
import { closedByBack } from './covering.js';

const viewer = document.querySelector('[data-viewer]');

if (viewer) {
  const words = viewer.dataset;
  const { default: Lightbox } = await import(words.lightbox);
  const lightbox = new Lightbox({
    gallery: viewer,
    children: 'a',
    pswpModule: () => import(words.module),
    showHideAnimationType: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'none' : 'zoom',
    closeTitle: words.closeTitle,
    zoomTitle: words.zoomTitle,
    arrowPrevTitle: words.arrowPrevTitle,
    arrowNextTitle: words.arrowNextTitle,
    indexIndicatorSep: words.indexIndicatorSep,
    errorMsg: words.errorMsg,
  });
  lightbox.on('afterInit', () => {
    const { pswp } = lightbox;
    const place = element('p', { class: 'visually-hidden', role: 'status' });
    pswp.element.setAttribute('aria-modal', 'true');
    pswp.element.setAttribute('aria-label', words.name);
    pswp.element.append(place);
    const tell = () => {
      const shown = viewer.querySelectorAll('a img')[pswp.currIndex]?.alt ?? '';
      place.textContent = words.textPlace.replace('{n}', pswp.currIndex + 1).replace('{total}', pswp.getNumItems()).replace('{shown}', shown);
    };
    pswp.on('change', tell);
    // While it opens it does not listen.
    pswp.on('destroy', closedByBack(() => {
      if (pswp.opener.isOpen) pswp.close();
      else pswp.on('openingAnimationEnd', () => pswp.close());
    }));
    tell();
  });
  lightbox.init();
}
