// The code of a declaration that a QR code has brought: into the form, and out of the address and the history at once.
import '../oldest.js';

const brought = window.location.hash.slice(1);
const field = document.querySelector('#code');
if (brought) {
  window.history.replaceState(null, '', window.location.pathname + window.location.search);
  // As it is written on paper: who scans sees the words, and opens by a button as everybody does.
  if (field && /^[a-z]+(-[a-z]+){5}$/.test(brought)) field.value = brought.replaceAll('-', ' ');
}
