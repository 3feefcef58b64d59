// A long list of ticks is narrowed by what is typed over it; accents and capitals do not count. Without this script the list is whole.
import '../oldest.js';

const folded = (text) => text.normalize('NFD').replace(/\p{Mn}/gu, '').toLowerCase();

for (const place of document.querySelectorAll('[data-narrow]')) {
  const field = place.querySelector('input');
  const offers = [...place.parentElement.querySelectorAll('.form-check')];
  place.hidden = false;
  field.addEventListener('input', () => {
    for (const offer of offers) {
      offer.hidden = !folded(offer.textContent).includes(folded(field.value.trim())) && !offer.querySelector(':checked');
    }
  });
  // Typed here, Enter is no wish to leave the page.
  field.addEventListener('keydown', (event) => { if (event.key === 'Enter') event.preventDefault(); });
}
