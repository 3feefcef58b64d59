// Scanning the code with the camera, where the browser itself can read codes. Without it the button is absent, and a
// picture of the code is read by the service. What the camera sees stays in this page.
import '../oldest.js';
import { whenPasted } from './pasting.js';

const form = document.querySelector('[data-scanner]');
const button = form.querySelector('[data-scan]');
const status = form.querySelector('[data-status]');
const dialog = document.getElementById('scan-dialog');
const video = dialog.querySelector('[data-scan-video]');
const PAUSE = 200;

// A copied picture goes where a chosen one would: nothing is sent before the button is pressed.
const field = document.getElementById('photo');
document.querySelector('[data-paste]').hidden = false;
whenPasted((event, [picture]) => {
  if (!picture) return;
  event.preventDefault();
  const chosen = new DataTransfer();
  chosen.items.add(picture);
  field.files = chosen.files;
  const said = document.querySelector('[data-pasted]');
  said.textContent = said.dataset.text;
});

const readsCodes = async () => {
  if (!('BarcodeDetector' in window) || !navigator.mediaDevices?.getUserMedia) return false;
  return (await window.BarcodeDetector.getSupportedFormats()).includes('qr_code');
};

const stop = () => {
  for (const track of video.srcObject?.getTracks() ?? []) track.stop();
  video.srcObject = null;
};

const watch = async (detector) => {
  while (dialog.open) {
    const [code] = await detector.detect(video).catch(() => []);
    if (code?.rawValue) {
      stop();
      window.location.assign(`${form.action}?code=${encodeURIComponent(code.rawValue)}`);
      return;
    }
    await new Promise((resolve) => { setTimeout(resolve, PAUSE); });
  }
};

const scan = async () => {
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
    dialog.showModal();
    await video.play();
    await watch(new window.BarcodeDetector({ formats: ['qr_code'] }));
  } catch {
    dialog.close();
    status.textContent = form.dataset.textFailed;
  }
};

if (await readsCodes().catch(() => false)) {
  button.hidden = false;
  button.addEventListener('click', scan);
  dialog.querySelector('[data-scan-close]').addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => {
    stop();
    button.focus();
  });
}
