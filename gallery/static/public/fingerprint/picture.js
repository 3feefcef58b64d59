// The pixels of a photo that stays on the device.
import { drawn } from '../upright.js';

const LONG_SIDE = 1600;

export const pictureOf = async (file) => {
  const pen = await drawn(file, LONG_SIDE, { willReadFrequently: true });
  const { data, width, height } = pen.getImageData(0, 0, pen.canvas.width, pen.canvas.height);
  const pixels = new Uint8Array(3 * width * height);
  for (let from = 0, to = 0; to < pixels.length; from += 4, to += 3) pixels.set(data.subarray(from, from + 3), to);
  return { width, height, channels: 3, pixels };
};
