// What covers the page is closed by the browser's own Back, which closes everything on a telephone; the page stays.
let leaving = null;

const isCovered = () => history.state?.isCovered === true;

// Nothing covers a page that was loaded anew.
if (isCovered()) history.back();

const enter = () => {
  // Whatever is shown when it closes stays in view.
  history.scrollRestoration = 'manual';
  history.pushState({ isCovered: true }, '');
  history.scrollRestoration = 'auto';
};

const leave = () => {
  leaving = new Promise((left) => {
    window.addEventListener('popstate', () => {
      history.scrollRestoration = 'auto';
      leaving = null;
      left();
    }, { once: true });
  });
  history.back();
};

// close: what Back does. Returns what is to be called once it is closed, in whatever way.
export const closedByBack = (close) => {
  let isOpen = true;
  const back = () => {
    window.removeEventListener('popstate', back);
    history.scrollRestoration = 'auto';
    close();
  };
  const begin = () => {
    if (!isOpen) return;
    enter();
    window.addEventListener('popstate', back);
  };
  if (leaving) leaving.then(begin);
  else begin();
  return () => {
    isOpen = false;
    window.removeEventListener('popstate', back);
    if (isCovered() && !leaving) leave();
  };
};
