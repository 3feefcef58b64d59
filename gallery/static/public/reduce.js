// Photos are made smaller before they are sent: quicker on a slow line, and where they were taken stays on the device.
import { element } from '../element.js';

const LONG_SIDE = 2048;
const QUALITY = 0.9;

// The photo as a JPEG of at most 2048 pixels; the file as it is where this device can't read it (HEIC, mostly).
export const reduced = async (file) => {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
    const scale = Math.min(1, LONG_SIDE / Math.max(picture.width, picture.height));
    const [width, height] = [picture.width, picture.height].map((side) => Math.max(1, Math.round(side * scale)));
    const canvas = element('canvas', { width, height });
    const pen = canvas.getContext('2d');
    // What is transparent would become black in a JPEG.
    pen.fillStyle = '#fff';
    pen.fillRect(0, 0, width, height);
    pen.imageSmoothingQuality = 'high';
    pen.drawImage(picture, 0, 0, width, height);
    picture.close();
    const blob = await new Promise((resolve) => { canvas.toBlob(resolve, 'image/jpeg', QUALITY); });
    return blob ?? file;
  } catch {
    return file;
  }
};
