// A long list of ticks is narrowed by what is typed over it; accents and capitals do not count. Without this script the list is whole.
import '../oldest.js';

const folded = (text) => text.normalize('NFD').replace(/\p{Mn}/gu, '').toLowerCase();

for (const place of document.querySelectorAll('[data-narrow]')) {
  const field = place.querySelector('input');
  const offers = [...place.parentElement.querySelectorAll('.form-check')];
  const none = place.querySelector('[data-narrow-none]');
  place.hidden = false;
  field.addEventListener('input', () => {
    const wanted = folded(field.value.trim());
    const found = offers.filter((offer) => folded(offer.textContent).includes(wanted));
    for (const offer of offers) offer.hidden = !found.includes(offer) && !offer.querySelector(':checked');
    none.hidden = found.length > 0;
  });
  // The list has the most frequent values only; words find all of them.
  none.querySelector('a').addEventListener('click', () => {
    const words = document.getElementById('mots');
    words.value ||= field.value.trim();
  });
  // Typed here, Enter is no wish to leave the page.
  field.addEventListener('keydown', (event) => { if (event.key === 'Enter') event.preventDefault(); });
}
