// Where in a picture the object probably is, as gallery/matching/tiers/foreground.py guesses it: what is rarer at the border than
// elsewhere, and then what GrabCut tells from the rest.
import { segmented } from './grabcut.js';
import { averaged, rounded } from './resample.js';

export const SIDE = 96;
export const WHOLE = [0, 0, 1, 1];

const BORDER = 8;
const LIKELY = 0.5;
const MIN_PIXELS = 50;
const SIGMA = 2;
const REACH = 8;

const GAMMA = Uint16Array.from({ length: 256 }, (_, level) => {
  const share = level / 255;
  return rounded(2040 * (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4));
});
const ROOT = Uint16Array.from({ length: 3072 }, (_, step) => {
  const share = step / 2040;
  return rounded(32768 * (share < 216 / 24389 ? (share * 841) / 108 + 16 / 116 : Math.cbrt(share)));
});
const XYZ = [[1777, 1541, 778], [871, 2929, 296], [73, 448, 3575]];

// Which of 2048 cells of the Lab colours a pixel lies in; the whole numbers are OpenCV's.
const cellOf = (small, at) => {
  const [red, green, blue] = [GAMMA[small[at]], GAMMA[small[at + 1]], GAMMA[small[at + 2]]];
  const [x, y, z] = XYZ.map(([r, g, b]) => ROOT[(red * r + green * g + blue * b + 2048) >> 12]);
  const level = Math.min(255, Math.max(0, (296 * y - 1336934 + 16384) >> 15));
  const a = (500 * (x - y) + 4194304 + 16384) >> 15;
  const b = (200 * (y - z) + 4194304 + 16384) >> 15;
  const step = (value) => Math.min(15, Math.max(0, Math.floor((value - 88) / 5)));
  return (Math.floor(level / 32) * 16 + step(a)) * 16 + step(b);
};

const HILL = (() => {
  const heights = Array.from({ length: 2 * REACH + 1 }, (_, place) => Math.exp(-((place - REACH) ** 2) / (2 * SIGMA ** 2)));
  const sum = heights.reduce((total, each) => total + each);
  return heights.map((each) => each / sum);
})();

const mirrored = (place) => (place < 0 ? -place : place >= SIDE ? 2 * SIDE - 2 - place : place);

const blurredAlong = (values, step, other) => {
  const soft = new Float64Array(values.length);
  for (let line = 0; line < SIDE; line += 1) {
    for (let place = 0; place < SIDE; place += 1) {
      let sum = 0;
      for (let each = -REACH; each <= REACH; each += 1) sum += HILL[each + REACH] * values[line * other + mirrored(place + each) * step];
      soft[line * other + place * step] = sum;
    }
  }
  return soft;
};

const isBorder = (place) => {
  const [row, column] = [Math.floor(place / SIDE), place % SIDE];
  return Math.min(row, column) < BORDER || Math.max(row, column) >= SIDE - BORDER;
};

// How much rarer each pixel's colour is at the border than elsewhere, 0 to 1, half when alike.
const unlike = (small, border) => {
  const cells = Uint16Array.from(border, (_, place) => cellOf(small, 3 * place));
  const counts = [new Float64Array(2048), new Float64Array(2048)];
  cells.forEach((cell, place) => { counts[border[place]][cell] += 1; });
  const behindAll = border.reduce((total, each) => total + each, 0);
  const share = Float64Array.from(cells, (cell) => {
    const [before, behind] = [counts[0][cell] / (border.length - behindAll), counts[1][cell] / behindAll];
    return Math.fround(before / (before + behind + 1e-4));
  });
  return blurredAlong(blurredAlong(share, 1, SIDE), SIDE, 1);
};

const boxAround = (mask) => {
  let [left, top, right, bottom] = [SIDE, SIDE, 0, 0];
  mask.forEach((isObject, place) => {
    if (!isObject) return;
    const [row, column] = [Math.floor(place / SIDE), place % SIDE];
    [left, top, right, bottom] = [Math.min(left, column), Math.min(top, row), Math.max(right, column + 1), Math.max(bottom, row + 1)];
  });
  return right ? [left, top, right, bottom].map((side) => side / SIDE) : WHOLE;
};

// The object's box of shares: left, top, right and bottom; the whole picture where nothing differs from the border.
export const objectBox = (picture) => {
  const small = averaged(picture, SIDE);
  const border = Uint8Array.from({ length: SIDE * SIDE }, (_, place) => (isBorder(place) ? 1 : 0));
  const likely = unlike(small, border).map((each, place) => (Math.fround(each) >= LIKELY && !border[place] ? 1 : 0));
  const count = likely.reduce((total, each) => total + each, 0);
  if (Math.min(count, likely.length - count) < MIN_PIXELS) return WHOLE;
  return boxAround(segmented(small, SIDE, border, likely));
};
