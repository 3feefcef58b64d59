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

// Until the dialog is closed.
const watch = async (stream, detector) => {
  while (video.srcObject === stream) {
    const [code] = await detector.detect(video).catch(() => []);
    if (code?.rawValue) {
      dialog.close();
      window.location.assign(`${form.action}?code=${encodeURIComponent(code.rawValue)}`);
      return;
    }
    await new Promise((resolve) => { setTimeout(resolve, PAUSE); });
  }
};

// A button pressed twice, or before the visitor has allowed the camera, opens one camera.
let isOpening = false;
const scan = async () => {
  if (isOpening) return;
  isOpening = true;
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
    video.srcObject = stream;
    dialog.showModal();
    await video.play();
    watch(stream, new window.BarcodeDetector({ formats: ['qr_code'] }));
  } catch {
    dialog.close();
    status.textContent = form.dataset.textFailed;
  }
  isOpening = false;
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
