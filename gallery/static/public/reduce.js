// Photos are made smaller before they are sent: quicker on a slow line, and where they were taken stays on the device.
import { drawn } from './upright.js';

const LONG_SIDE = 2048;
const QUALITY = 0.9;

// A card or a disk that has lost a block gives zeros for it; no JPEG has that many in a row.
const LOST_BLOCK = 512;

const hasLostBlock = (bytes) => {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return false;
  let place = 2;
  // What stands before the picture may hold blanks, and so may the film that some telephones put behind it.
  while (bytes[place] === 0xff && bytes[place + 1] !== 0xda) place += 2 + bytes[place + 2] * 256 + bytes[place + 3];
  for (let zeros = 0; place < bytes.length; place += 1) {
    zeros = bytes[place] === 0 ? zeros + 1 : 0;
    if (zeros === LOST_BLOCK) return true;
    if (bytes[place] === 0xff && bytes[place + 1] === 0xd9) return false;
  }
  return false;
};

// The photo as a JPEG of at most 2048 pixels; the file as it is where this device can't read it (HEIC, mostly), or where
// it reads on over damage without a word: the service sees that in the file alone.
export const reduced = async (file) => {
  try {
    if (hasLostBlock(new Uint8Array(await file.arrayBuffer()))) return file;
    const { canvas } = await drawn(file, LONG_SIDE);
    const blob = await new Promise((resolve) => { canvas.toBlob(resolve, 'image/jpeg', QUALITY); });
    return blob ?? file;
  } catch {
    return file;
  }
};
