// The hash that finds the same picture again, of the eight ways in which it may lie, as gallery/matching/tiers/perceptual_hash.py makes it.
import { LANCZOS, grey, resized } from './resample.js';

const SIDE = 16;
const REDUCED = 64;
const WAVES = Array.from({ length: SIDE }, (_, wave) => (
  Float64Array.from({ length: REDUCED }, (_each, place) => Math.cos((Math.PI / REDUCED) * wave * (place + 0.5)))
));

// Where each of the eight ways takes the level of a row and column from, in the order of the service.
const LAST = REDUCED - 1;
const WAYS = [
  (row, column) => [row, column],
  (row, column) => [column, LAST - row],
  (row, column) => [LAST - row, LAST - column],
  (row, column) => [LAST - column, row],
  (row, column) => [row, LAST - column],
  (row, column) => [LAST - row, column],
  (row, column) => [column, row],
  (row, column) => [LAST - column, LAST - row],
];

const product = (waves, levels) => waves.map((wave) => (
  Float64Array.from({ length: REDUCED }, (_, column) => wave.reduce((sum, each, row) => sum + each * levels[row][column], 0))
));

const bitsOf = (levels) => {
  const across = product(WAVES, levels);
  const numbers = across.flatMap((line) => WAVES.map((wave) => wave.reduce((sum, each, column) => sum + each * line[column], 0)));
  const inOrder = [...numbers].sort((one, other) => one - other);
  const middle = (inOrder[inOrder.length / 2 - 1] + inOrder[inOrder.length / 2]) / 2;
  const bytes = new Uint8Array(numbers.length / 8);
  numbers.forEach((number, place) => { if (number > middle) bytes[place >> 3] |= 128 >> (place & 7); });
  return bytes;
};

// 8 x 32 bytes of a reduced picture, and the standard deviation of its grey levels: a white wall has no telling hash.
export const hashes = (picture) => {
  const levels = grey(picture);
  const small = resized(levels, REDUCED, REDUCED, LANCZOS).pixels;
  const placed = WAYS.map((way) => Array.from({ length: REDUCED }, (_, row) => (
    Float64Array.from({ length: REDUCED }, (_each, column) => { const [y, x] = way(row, column); return small[y * REDUCED + x]; })
  )));
  const mean = levels.pixels.reduce((sum, each) => sum + each, 0) / levels.pixels.length;
  const variance = levels.pixels.reduce((sum, each) => sum + (each - mean) ** 2, 0) / levels.pixels.length;
  return { placements: placed.map(bitsOf), contrast: Math.round(Math.sqrt(variance)) };
};
