// Pictures that are pasted into a page.
const TEXT_FIELD = 'textarea, input:not([type=file], [type=checkbox], [type=radio])';

// Office programs put a picture beside the words that are copied: a field of text is given the words.
const isOfWords = ({ target, clipboardData }) => Boolean(clipboardData.getData('text/plain')) && Boolean(target.closest?.(TEXT_FIELD));

// give: is told of what is pasted, unless it is words for a field.
export const whenPasted = (give) => document.addEventListener('paste', (event) => {
  if (event.clipboardData && !isOfWords(event)) give(event, [...event.clipboardData.files].filter((file) => file.type.startsWith('image/')));
});
