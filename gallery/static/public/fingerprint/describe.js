// The fingerprint of one picture: what the service's learned model says of it, and its hash. Neither shows the picture.
import { WHOLE, objectBox } from './foreground.js';
import { findPhoto } from './framing.js';
import { hashes } from './hash.js';
import { SIDE } from './network.js';
import { BICUBIC, LANCZOS, inside, resized, rounded } from './resample.js';

const LONG_SIDE = 800;
const LARGEST = 127;

const reduced = (picture) => {
  const scale = LONG_SIDE / Math.max(picture.width, picture.height);
  if (scale >= 1) return picture;
  const [width, height] = [picture.width, picture.height].map((side) => Math.max(1, rounded(side * scale)));
  return resized(picture, width, height, LANCZOS);
};

const featuresOf = (network, picture) => {
  const { pixels } = resized(picture, SIDE, SIDE, BICUBIC);
  return network(Float32Array.from(pixels, (level) => (level / 255 - 0.5) / 0.5));
};

const ofUnitLength = (numbers) => {
  const length = Math.hypot(...numbers);
  return length ? numbers.map((each) => each / length) : numbers;
};

const direction = (numbers) => {
  const largest = numbers.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
  return Int8Array.from(numbers, (each) => (largest ? rounded((each / largest) * LARGEST) : 0));
};

const vectorOf = (network, picture, drawn) => {
  const box = drawn ?? objectBox(picture);
  const ofBox = featuresOf(network, inside(picture, box));
  if (drawn || box === WHOLE) return direction(ofBox);
  const [one, other] = [ofBox, featuresOf(network, picture)].map(ofUnitLength);
  return direction(one.map((each, place) => each + other[place]));
};

// The bytes that are sent: 1280 of the vector, 8 x 32 of the hashes, one of the contrast; and whether they are of the photo that a screenshot
// shows. picture: { width, height, channels: 3, pixels }; drawn: a box of shares around the object, or nothing.
export const describe = (network, picture, drawn) => {
  const photo = drawn ? null : findPhoto(picture);
  const small = reduced(photo ? inside(picture, photo) : picture);
  const vector = vectorOf(network, small, drawn);
  const { placements, contrast } = hashes(small);
  const bytes = Uint8Array.from([...new Uint8Array(vector.buffer), ...placements.flatMap((each) => [...each]), contrast]);
  return { bytes, isScreenshot: Boolean(photo) };
};
