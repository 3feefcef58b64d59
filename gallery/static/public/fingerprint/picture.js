// The pixels of a photo that stays on the device.
import { element } from '../../element.js';

const LONG_SIDE = 1600;

// As the browser shows it, upright, on white; without what the file says besides.
export const pictureOf = async (file) => {
  const shown = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const scale = Math.min(1, LONG_SIDE / Math.max(shown.width, shown.height));
  const [width, height] = [shown.width, shown.height].map((side) => Math.max(1, Math.round(side * scale)));
  const pen = element('canvas', { width, height }).getContext('2d', { willReadFrequently: true });
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, width, height);
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(shown, 0, 0, width, height);
  shown.close();
  const { data } = pen.getImageData(0, 0, width, height);
  const pixels = new Uint8Array(3 * width * height);
  for (let from = 0, to = 0; to < pixels.length; from += 4, to += 3) pixels.set(data.subarray(from, from + 3), to);
  return { width, height, channels: 3, pixels };
};
