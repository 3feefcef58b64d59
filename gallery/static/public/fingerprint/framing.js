// Where the photo lies in a screenshot, or in a frame with a caption: the service's own search for it (matching/framing.py), step by step.
const LOOKED_AT = 400;
const [ALIKE, NEAR] = [4, 24];
const [ROUNDED_TO, MIXED] = [8, 4];
const [OF_BORDER, PLAIN, PLAIN_BESIDE, NEAR_AT_EDGE] = [0.3, 0.6, 0.8, 0.3];
const [MIN_SIDE, MIN_SHARE, MAX_SHARE] = [64, 0.08, 0.92];

const span = (from, to) => Array.from({ length: Math.max(0, to - from) }, (_, place) => from + place);
const shareOf = (truths) => truths.filter(Boolean).length / truths.length;

const median = (numbers) => {
  const sorted = [...numbers].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

// Single pixels and not means: noise is what tells a dark photo from a black bar.
const sampled = ({ width, height, pixels }, step) => {
  const [columns, rows] = [Math.ceil(width / step), Math.ceil(height / step)];
  const at = (row, column) => pixels.subarray(3 * (row * step * width + column * step), 3 * (row * step * width + column * step) + 3);
  return { columns, rows, at };
};

// The outermost places, row and column.
const border = ({ rows, columns }) => [
  ...span(0, columns).flatMap((column) => [[0, column], [rows - 1, column]]),
  ...span(0, rows).flatMap((row) => [[row, 0], [row, columns - 1]]),
];

// The commonest colour of the outermost pixels.
const borderColour = (small) => {
  const byCell = new Map();
  for (const place of border(small)) {
    const pixel = small.at(...place);
    const [red, green, blue] = pixel.map((level) => Math.floor(level / ROUNDED_TO));
    const cell = red + 256 * green + 65536 * blue;
    byCell.set(cell, [...(byCell.get(cell) ?? []), pixel]);
  }
  const cells = [...byCell.keys()].sort((one, other) => byCell.get(other).length - byCell.get(one).length || one - other);
  const commonest = byCell.get(cells[0]);
  return [0, 1, 2].map((channel) => median(commonest.map((pixel) => pixel[channel])));
};

// Where the longest unbroken run of true begins, and where it ends.
const longestRun = (truths) => {
  let longest = [0, 0];
  let began = 0;
  truths.forEach((truth, place) => {
    if (!truth) began = place + 1;
    else if (place + 1 - began > longest[1] - longest[0]) longest = [began, place + 1];
  });
  return longest;
};

// The rows, from the first to behind the last, that are the photo: all of them when none beside is plain. away: rows of how far each pixel
// is from the colour of what is plain.
const photoRows = (away) => {
  const isPlain = away.map((row) => shareOf(row.map((far) => far <= ALIKE)) >= PLAIN);
  const [first, last] = longestRun(isPlain.map((plain) => !plain));
  if (last === first) return null;
  const beside = [...isPlain.slice(0, first), ...isPlain.slice(last)];
  if (!beside.length) return [first, last];
  const isUnlike = away.map((row) => shareOf(row.map((far) => far <= NEAR)) <= NEAR_AT_EDGE);
  // Compression mixes the photo's edge with the bar beside it.
  const above = first ? isUnlike.slice(first, first + MIXED).indexOf(true) : 0;
  const below = last < away.length ? isUnlike.slice(first, last).reverse().slice(0, MIXED).indexOf(true) : 0;
  return above < 0 || below < 0 || shareOf(beside) < PLAIN_BESIDE ? null : [first + above, last - below];
};

const awayFrom = (colour, { rows, columns, at }) => span(0, rows).map((row) => span(0, columns).map((column) => (
  Math.max(...colour.map((level, channel) => Math.abs(at(row, column)[channel] - level)))
)));

// A box of shares, left, top, right and bottom; null when the photo is all of the picture, or there is any doubt.
export const findPhoto = (picture) => {
  const step = Math.max(1, Math.ceil(Math.max(picture.width, picture.height) / LOOKED_AT));
  const small = sampled(picture, step);
  const { rows, columns } = small;
  if (Math.min(rows, columns) * step < MIN_SIDE) return null;
  const away = awayFrom(borderColour(small), small);
  if (shareOf(border(small).map(([row, column]) => away[row][column] <= ALIKE)) < OF_BORDER) return null;
  const down = photoRows(away);
  const inRows = down && away.slice(...down);
  const across = down && photoRows(span(0, columns).map((column) => inRows.map((row) => row[column])));
  if (!across) return null;
  const [[top, bottom], [left, right]] = [down, across];
  const share = ((bottom - top) * (right - left)) / (rows * columns);
  if (Math.min(bottom - top, right - left) * step < MIN_SIDE || share < MIN_SHARE || share > MAX_SHARE) return null;
  return [left / columns, top / rows, right / columns, bottom / rows];
};
