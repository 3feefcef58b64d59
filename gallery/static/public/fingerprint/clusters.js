// k-means with the first centres of k-means++ (Arthur and Vassilvitskii, 2007), with OpenCV's random numbers and in its order.
const TRIALS = 3;
const ROUNDS = 10;
const MULTIPLIER = 4164903690n;
const WORD = 0xffffffffn;

// Multiply with carry, 32 bits at a time. random: { state: BigInt }, which moves on.
const next = (random) => {
  random.state = (random.state & WORD) * MULTIPLIER + (random.state >> 32n);
  return random.state & WORD;
};

const share = (random) => {
  const high = next(random);
  return Number((high << 32n) | next(random)) * 2 ** -64;
};

const distance = (colours, one, [red, green, blue]) => (
  Math.fround(Math.fround((colours[one] - red) ** 2) + Math.fround((colours[one + 1] - green) ** 2) + Math.fround((colours[one + 2] - blue) ** 2))
);

const colourAt = (colours, one) => [colours[3 * one], colours[3 * one + 1], colours[3 * one + 2]];

const total = (distances) => distances.reduce((sum, each) => sum + each, 0);

const firstCentres = (colours, count, clusters, random) => {
  const centres = [colourAt(colours, Number(next(random)) % count)];
  let nearest = Float64Array.from({ length: count }, (_, one) => distance(colours, 3 * one, centres[0]));
  while (centres.length < clusters) {
    const whole = total(nearest);
    let best = null;
    for (let trial = 0; trial < TRIALS; trial += 1) {
      let left = share(random) * whole;
      let chosen = 0;
      for (; chosen < count - 1; chosen += 1) {
        left -= nearest[chosen];
        if (left <= 0) break;
      }
      const centre = colourAt(colours, chosen);
      const distances = nearest.map((known, one) => Math.min(known, distance(colours, 3 * one, centre)));
      const sum = total(distances);
      if (!best || sum < best.sum) best = { sum, centre, distances };
    }
    centres.push(best.centre);
    nearest = best.distances;
  }
  return centres;
};

const assigned = (colours, count, centres) => Uint8Array.from({ length: count }, (_, one) => {
  let [best, least] = [0, Infinity];
  centres.forEach((centre, place) => {
    const far = distance(colours, 3 * one, centre);
    if (far < least) [best, least] = [place, far];
  });
  return best;
});

const means = (colours, labels, clusters) => {
  const sums = Array.from({ length: clusters }, () => [0, 0, 0]);
  const counts = new Array(clusters).fill(0);
  labels.forEach((label, one) => {
    counts[label] += 1;
    for (let each = 0; each < 3; each += 1) sums[label][each] += colours[3 * one + each];
  });
  return { counts, centres: sums.map((sum, place) => sum.map((each) => Math.fround(each * Math.fround(1 / counts[place])))) };
};

// An empty cluster takes what lies farthest out in the largest one.
const refill = (colours, labels, clusters) => {
  for (let empty = 0; empty < clusters; empty += 1) {
    const { counts, centres } = means(colours, labels, clusters);
    if (counts[empty]) continue;
    const largest = counts.indexOf(Math.max(...counts));
    let [farthest, most] = [-1, -1];
    labels.forEach((label, one) => {
      const far = label === largest ? distance(colours, 3 * one, centres[largest]) : -1;
      if (far >= most) [farthest, most] = [one, far];
    });
    labels[farthest] = empty;
  }
};

// The cluster of each of these places of a picture in colour, from 0. random: { state }, which moves on.
export const clustered = (pixels, places, clusters, random) => {
  const colours = Float32Array.from({ length: 3 * places.length }, (_, at) => pixels[3 * places[Math.floor(at / 3)] + (at % 3)]);
  let centres = firstCentres(colours, places.length, clusters, random);
  let labels = assigned(colours, places.length, centres);
  for (let round = 1; round < (clusters === 1 ? 2 : ROUNDS); round += 1) {
    refill(colours, labels, clusters);
    const moved = means(colours, labels, clusters).centres;
    const shift = Math.max(...moved.map((centre, place) => centre.reduce((sum, each, axis) => sum + (each - centres[place][axis]) ** 2, 0)));
    centres = moved;
    if (round === ROUNDS - 1 || shift <= 1.4e-14) break;
    labels = assigned(colours, places.length, centres);
  }
  return labels;
};
