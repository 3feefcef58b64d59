// An item's photos open in a viewer that zooms and swipes. Without this script each opens as a picture of its own.
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
  lightbox.init();
}
