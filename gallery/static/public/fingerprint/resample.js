// Pictures made smaller to the very numbers that the service's own libraries give (Pillow's filters, OpenCV's areas): a fingerprint is
// only compared with others when both see the same pixels. A picture is { width, height, channels, pixels: Uint8Array, a row after the other }.

const FRACTION = 2 ** 22;
const LEAST = 1e-3;

const sinc = (x) => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

export const LANCZOS = { support: 3, weight: (x) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0) };

const cubic = (x) => (x < 1 ? (1.5 * x - 2.5) * x * x + 1 : ((-0.5 * x + 2.5) * x - 4) * x + 2);

export const BICUBIC = { support: 2, weight: (x) => (Math.abs(x) < 2 ? cubic(Math.abs(x)) : 0) };

// As numpy and OpenCV do: halves go to the even neighbour.
export const rounded = (x) => {
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 ? below + 1 : below;
};

// For each place of the new side: where its weights begin in the old one, and the weights, as whole shares of 2^22.
const weightsOf = (from, to, { support, weight }) => {
  const scale = from / to;
  const stretch = Math.max(1, scale);
  const reach = support * stretch;
  return Array.from({ length: to }, (_, place) => {
    const centre = (place + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - reach + 0.5));
    const last = Math.min(from, Math.trunc(centre + reach + 0.5));
    const shares = Array.from({ length: last - first }, (_each, step) => weight((step + first - centre + 0.5) / stretch));
    const sum = shares.reduce((total, each) => total + each, 0);
    return { first, shares: Int32Array.from(shares, (each) => Math.trunc((each / sum) * FRACTION + Math.sign(each) * 0.5)) };
  });
};

// Lines of places, a number of bytes apart, that begin at the start of each of some groups.
const linesOf = (groups, apart, inGroup) => Int32Array.from({ length: groups * inGroup }, (_, line) => (
  Math.floor(line / inGroup) * apart + (line % inGroup)
));

// One direction. Lines of the old picture and of the new one, each with the bytes from a place to the next.
const along = (pixels, weights, [starts, step], into, [newStarts, newStep]) => {
  for (let line = 0; line < starts.length; line += 1) {
    for (let place = 0; place < weights.length; place += 1) {
      const { first, shares } = weights[place];
      let sum = FRACTION / 2;
      for (let each = 0, at = starts[line] + first * step; each < shares.length; each += 1, at += step) sum += pixels[at] * shares[each];
      into[newStarts[line] + place * newStep] = Math.min(255, Math.max(0, sum >> 22));
    }
  }
  return into;
};

const across = ({ width, height, channels, pixels }, toWidth, filter) => ({
  width: toWidth, height, channels,
  pixels: along(
    pixels, weightsOf(width, toWidth, filter), [linesOf(height, width * channels, channels), channels],
    new Uint8Array(toWidth * height * channels), [linesOf(height, toWidth * channels, channels), channels],
  ),
});

const down = ({ width, height, channels, pixels }, toHeight, filter) => {
  const lines = [linesOf(1, 0, width * channels), width * channels];
  const made = along(pixels, weightsOf(height, toHeight, filter), lines, new Uint8Array(width * toHeight * channels), lines);
  return { width, height: toHeight, channels, pixels: made };
};

// The picture at another size, by one of the filters above. Which direction comes first is Pillow 13's choice, measured: the numbers are
// rounded in between.
export const resized = (picture, toWidth, toHeight, filter) => {
  const isDownFirst = picture.height - toHeight > 2 * Math.max(0, picture.width - toWidth);
  return isDownFirst ? across(down(picture, toHeight, filter), toWidth, filter) : down(across(picture, toWidth, filter), toHeight, filter);
};

// The part of a picture in a box of shares, left, top, right and bottom, of a pixel at least.
export const inside = ({ width, height, channels, pixels }, [left, top, right, bottom]) => {
  const first = Math.min(rounded(left * width), width - 1);
  const above = Math.min(rounded(top * height), height - 1);
  const last = Math.max(rounded(right * width), first + 1);
  const below = Math.max(rounded(bottom * height), above + 1);
  const part = new Uint8Array((last - first) * (below - above) * channels);
  for (let row = above; row < below; row += 1) {
    const start = (row * width + first) * channels;
    part.set(pixels.subarray(start, start + (last - first) * channels), (row - above) * (last - first) * channels);
  }
  return { width: last - first, height: below - above, channels, pixels: part };
};

// What each of `to` places covers of `from`: [place there, share].
const covered = (from, to) => Array.from({ length: to }, (_, place) => {
  const scale = from / to;
  const begin = place * scale;
  const end = begin + scale;
  const whole = Math.min(scale, from - begin);
  const last = Math.min(Math.floor(end), from - 1);
  const first = Math.min(Math.ceil(begin), last);
  const found = [];
  if (first - begin > LEAST) found.push([first - 1, Math.fround((first - begin) / whole)]);
  for (let at = first; at < last; at += 1) found.push([at, Math.fround(1 / whole)]);
  if (end - last > LEAST) found.push([last, Math.fround(Math.min(end - last, 1, whole) / whole)]);
  return found;
});

// A square of `side` places, each the mean of what it covers of a picture in colour. In floats of 32 bits, as many means are halves.
export const averaged = ({ width, height, pixels }, side) => {
  const [columns, rows] = [covered(width, side), covered(height, side)];
  const small = new Uint8Array(side * side * 3);
  const meanOf = (row, column, channel) => {
    let sum = 0;
    for (const [y, share] of rows[row]) {
      let line = 0;
      for (const [x, part] of columns[column]) line = Math.fround(line + Math.fround(part * pixels[(y * width + x) * 3 + channel]));
      sum = Math.fround(sum + Math.fround(share * line));
    }
    return sum;
  };
  for (let at = 0; at < small.length; at += 1) {
    const place = Math.floor(at / 3);
    small[at] = rounded(meanOf(Math.floor(place / side), place % side, at % 3));
  }
  return small;
};

// The same picture in grey levels.
export const grey = ({ width, height, pixels }) => {
  const levels = new Uint8Array(width * height);
  for (let place = 0, at = 0; place < levels.length; place += 1, at += 3) {
    levels[place] = (pixels[at] * 9798 + pixels[at + 1] * 19235 + pixels[at + 2] * 3735 + 16384) >> 15;
  }
  return { width, height, channels: 1, pixels: levels };
};
