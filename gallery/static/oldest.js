// The oldest browsers that our scripts serve: Chrome and Edge 92, Firefox 98, Safari 15.4. Every script that a page names imports
// this first: in an older one it throws, nothing else runs, and the page stays the one that does without scripts.
const isServed = 'at' in Array.prototype && 'showModal' in (window.HTMLDialogElement?.prototype ?? {}) && 'submitter' in (window.SubmitEvent?.prototype ?? {});

if (!isServed) throw new Error('Older than the browsers that our scripts serve: the page does without them.');

// What is said only to whoever has no scripts goes, and what only they can do comes (theme.css).
document.documentElement.classList.add('is-served');

// Without adopted style sheets (Firefox 101, Safari 16.4) Cropper.js writes styles into the page, which our policy refuses.
export const canDrawBoxes = Array.isArray(document.adoptedStyleSheets);
