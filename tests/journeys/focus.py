"""Whether whoever has no mouse sees where the focus is."""

# The element in focus, one of its labels, or what it lies in (a card, a row) is drawn around. Chromium itself marks its
# calendar button, which is a stop within the date field.
SHOWS_FOCUS = """() => {
  const here = document.activeElement;
  if (here.type === 'date' && !here.matches(':focus')) return true;
  const ringed = (each) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(each);
    return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
  };
  const around = [here, ...(here.labels ?? [])];
  for (let each = here.parentElement; each && around.length < 6; each = each.parentElement) around.push(each);
  return around.some(ringed);
}"""
