// GrabCut (Rother, Kolmogorov and Blake, 2004) on a small square picture, step by step as OpenCV does it, with the same first clusters:
// two mixtures of colours, one of what lies around and one of the object, and the cheapest cut between them.
import { clustered } from './clusters.js';
import { mixtureOf } from './mixture.js';
import { cutOf } from './cut.js';

const CLUSTERS = 5;
const ROUNDS = 2;
const GAMMA = 50;
const CERTAIN = 9 * GAMMA;
const SEED = 1n;
// As far as can be, where a mixture knows nothing of a colour; it keeps sums finite.
const UNKNOWN = 1e6;

// The neighbours that come before a pixel, left, above left, above and above right: steps across and down, and what one counts.
const BEFORE = [[-1, 0, GAMMA], [-1, -1, GAMMA / Math.SQRT2], [0, -1, GAMMA], [1, -1, GAMMA / Math.SQRT2]];

const difference = (pixels, one, other) => {
  let sum = 0;
  for (let each = 0; each < 3; each += 1) sum += (pixels[3 * one + each] - pixels[3 * other + each]) ** 2;
  return sum;
};

// Pairs of neighbours, each with how much their colours differ and what they count.
const pairsOf = (pixels, side) => {
  const pairs = [];
  for (let place = 0; place < side * side; place += 1) {
    const column = place % side;
    for (const [across, down, weight] of BEFORE) {
      const other = place + down * side + across;
      if (other >= 0 && column + across >= 0 && column + across < side) pairs.push([place, other, weight, difference(pixels, place, other)]);
    }
  }
  return pairs;
};

// What it costs to part two neighbours: the less, the more their colours differ.
const bonds = (pixels, side) => {
  const pairs = pairsOf(pixels, side);
  const sum = pairs.reduce((total, [, , , differing]) => total + differing, 0);
  const beta = sum ? 1 / ((2 * sum) / (4 * side * side - 6 * side + 2)) : 0;
  return pairs.map(([one, other, weight, differing]) => [one, other, weight * Math.exp(-beta * differing)]);
};

const placesOf = (mask, value) => Int32Array.from([...mask.keys()].filter((place) => mask[place] === value));

// Learn one mixture of what lies around and one of the object. labelsOf: the component of each of some places.
const learnt = (pixels, mask, labelsOf) => [0, 1].map((value) => {
  const places = placesOf(mask, value);
  return mixtureOf(pixels, places, labelsOf(places, value), CLUSTERS);
});

const cost = (density) => Math.min(UNKNOWN, -Math.log(density));

// Which pixels are the object, 1 each. pixels: RGB; background: 1 where nothing of the object can be; likely: 1 where it was guessed.
export const segmented = (pixels, side, background, likely) => {
  const tied = bonds(pixels, side);
  const random = { state: SEED };
  let mask = Uint8Array.from(likely);
  let mixtures = learnt(pixels, mask, (places) => clustered(pixels, places, Math.min(CLUSTERS, places.length), random));
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = mixtures;
    mixtures = learnt(pixels, mask, (places, value) => Uint8Array.from(places, (place) => before[value].nearest(pixels, place)));
    const [around, object] = mixtures;
    const pulls = Float64Array.from(mask, (_, place) => (
      background[place] ? -CERTAIN : cost(around.density(pixels, place)) - cost(object.density(pixels, place))
    ));
    mask = cutOf(pulls, tied);
  }
  return mask.map((isObject, place) => (background[place] ? 0 : isObject));
};
