// What a viewer of photos (PhotoSwipe) says, and how it tells where one is. words: data of the element that has its sentences.
import { element } from './element.js';

export const optionsOf = (words) => ({
  closeTitle: words.closeTitle,
  zoomTitle: words.zoomTitle,
  arrowPrevTitle: words.arrowPrevTitle,
  arrowNextTitle: words.arrowNextTitle,
  indexIndicatorSep: words.indexIndicatorSep,
  errorMsg: words.errorMsg,
});

// Tells which photo is shown, also to those who do not see it. nameOf: what the photo at a place shows, in words.
export const tellPlaces = (pswp, words, nameOf) => {
  const place = element('p', { class: 'visually-hidden', role: 'status' });
  pswp.element.setAttribute('aria-modal', 'true');
  pswp.element.setAttribute('aria-label', words.name);
  pswp.element.append(place);
  const tell = () => {
    const shown = nameOf(pswp.currIndex) ?? '';
    place.textContent = words.textPlace.replace('{n}', pswp.currIndex + 1).replace('{total}', pswp.getNumItems()).replace('{shown}', shown);
  };
  pswp.on('change', tell);
  tell();
};
