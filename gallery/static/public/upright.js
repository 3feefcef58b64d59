// A photo drawn as the browser shows it: upright, on white, and without what its file says besides.
import { element } from '../element.js';

// Chrome until 111, Firefox until 110 and Safari until 16 do not know the word and refuse it; they turn a picture that an element shows.
const shown = async (file) => {
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  const address = URL.createObjectURL(file);
  try {
    const image = element('img', { src: address });
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(address);
  }
};

// The pen that has drawn it on a canvas of its own, the longer side at most longSide pixels; rejects where the browser can't read it.
export const drawn = async (file, longSide, settings) => {
  const picture = await shown(file);
  const scale = Math.min(1, longSide / Math.max(picture.width, picture.height));
  const [width, height] = [picture.width, picture.height].map((side) => Math.max(1, Math.round(side * scale)));
  const pen = element('canvas', { width, height }).getContext('2d', settings);
  // What is transparent would become black in a JPEG.
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, width, height);
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(picture, 0, 0, width, height);
  picture.close?.();
  return pen;
};
