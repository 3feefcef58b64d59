// What is hidden by default depends on the category: the two ticks follow it until they are changed by hand.
import '../oldest.js';

const around = document.querySelector('[data-withheld-for]');
const { form } = around.querySelector('input');
const { category, ticked_for: tickedFor, version } = form.elements;
const ticks = [...around.querySelectorAll('[type=checkbox]')];
let chosen = false;

for (const tick of ticks) tick.addEventListener('change', () => { chosen = true; });
category.addEventListener('change', () => {
  const hidden = around.dataset.withheldFor.split(' ').includes(category.value);
  // What an object shows already is not hidden, or shown, by the way.
  if (!chosen && (hidden || !version?.value)) for (const tick of ticks) tick.checked = hidden;
  tickedFor.value = category.value;
});
