// What a page of results can do without asking the service again: narrow the list, go from one of one's objects to the other, and
// show two photos large, side by side.
import { element } from '../element.js';
import { closedByBack } from './covering.js';

const narrow = (results) => {
  const box = results.querySelector('[data-refine]');
  if (!box) return;
  const selects = [...box.querySelectorAll('[data-refine-by]')];
  const found = [...results.querySelectorAll('.found > li')];
  const meets = (item) => 'samePhoto' in item.dataset || selects.every(({ value, dataset }) => (
    !value || item.dataset[dataset.refineBy].split(' ').includes(value)
  ));
  box.hidden = false;
  box.addEventListener('change', () => {
    for (const item of found) item.hidden = !meets(item);
    for (const degree of results.querySelectorAll('[data-degree]')) degree.hidden = !degree.querySelector('.found > li:not([hidden])');
    const shown = found.filter((item) => !item.hidden).length;
    box.querySelector('[data-refine-status]').textContent = box.dataset.textCount.replace('{n}', shown).replace('{total}', found.length);
  });
};

const compare = (results, ownPicture) => {
  const dialog = results.querySelector('[data-compare]');
  if (!dialog) return;
  const part = (name) => dialog.querySelector(`[data-compare-${name}]`);
  const all = [...results.querySelectorAll('[data-compare-open]')];
  let current = all[0];
  let closed = () => {};
  const shown = () => all.filter((each) => !each.closest('li').hidden && !each.closest('.is-put-aside'));

  const show = (opener) => {
    current = opener;
    const { title, number, address, large, width, height, own } = opener.dataset;
    const { picture, caption } = ownPicture(Number(own));
    part('title').textContent = title;
    part('number').textContent = number;
    part('page').href = address;
    // A new one: an old one would show the object before under this title until its own photo has come.
    part('their').replaceChildren(element('img', { src: large, width, height, alt: title }));
    part('own').replaceChildren(picture);
    part('caption').textContent = caption;
    const place = shown().indexOf(opener);
    part('place').textContent = dialog.dataset.textPlace.replace('{n}', place + 1).replace('{total}', shown().length).replace('{title}', title);
    for (const button of dialog.querySelectorAll('[data-compare-step]')) {
      button.disabled = !shown()[place + Number(button.dataset.compareStep)];
    }
    // The button that led to the last one can't be used again, and has lost the focus.
    if (dialog.open && (document.activeElement.disabled || !dialog.contains(document.activeElement))) part('heading').focus();
  };
  const step = (by) => {
    const next = shown()[shown().indexOf(current) + by];
    if (next) show(next);
  };

  for (const opener of all) {
    if (!ownPicture(Number(opener.dataset.own))) continue;
    opener.hidden = false;
    opener.addEventListener('click', () => {
      show(opener);
      dialog.showModal();
      closed = closedByBack(() => dialog.close());
      part('heading').focus();
    });
    const pair = opener.closest('li').querySelector('[data-pair]');
    pair.classList.add('is-enlarged-by-click');
    pair.addEventListener('click', (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      opener.click();
    });
  }
  dialog.addEventListener('click', (event) => {
    const button = event.target.closest('[data-compare-step]');
    if (button) step(Number(button.dataset.compareStep));
    if (event.target === dialog || event.target.closest('[data-compare-close]')) dialog.close();
  });
  dialog.addEventListener('keydown', ({ key }) => {
    if (key === 'ArrowLeft') step(-1);
    if (key === 'ArrowRight') step(1);
  });
  dialog.addEventListener('close', () => {
    current.focus();
    closed();
  });
};

// One object at a time where photos of several were given: its photo leads to it.
const choose = (results, ownPicture) => {
  const sections = [...results.querySelectorAll('[data-object-found]')];
  const links = [...results.querySelectorAll('[data-object]')];
  if (!sections.length) return;
  const show = (hash) => {
    const heading = results.querySelector(hash);
    for (const section of sections) section.classList.toggle('is-put-aside', !section.contains(heading));
    for (const link of links) {
      if (link.hash === hash) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    }
    return heading;
  };
  for (const link of links) {
    const own = ownPicture(Number(link.dataset.object));
    if (own) link.prepend(element('span', { class: 'of-own', 'aria-hidden': 'true' }, own.picture));
  }
  for (const link of results.querySelectorAll('a[href^="#objet-"]')) {
    link.addEventListener('click', (event) => {
      event.preventDefault();
      show(link.hash).focus({ preventScroll: true });
      results.querySelector('.objects').scrollIntoView({ block: links.includes(link) ? 'nearest' : 'start' });
    });
  }
  for (const section of sections) section.classList.add('is-one-at-a-time');
  show(links[0].hash);
};

// Browsers that do not open what is folded around the place where a link leads.
const unfold = (results) => {
  for (const link of results.querySelectorAll('a[href^="#moins-"]')) {
    link.addEventListener('click', () => { results.querySelector(link.hash).closest('details').open = true; });
  }
};

// ownPicture: from the place of a photo to { picture, caption }, or nothing when the page does not hold it.
export const enhance = (results, ownPicture) => {
  narrow(results);
  unfold(results);
  choose(results, ownPicture);
  compare(results, ownPicture);
};
