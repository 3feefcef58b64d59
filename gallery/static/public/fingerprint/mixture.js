// A mixture of normal distributions of colours, learnt of labelled pixels.
const LEAST_SPREAD = 1e-6;
const NOISE = 0.01;

const determinant = (c) => (
  c[0] * (c[4] * c[8] - c[5] * c[7]) - c[1] * (c[3] * c[8] - c[5] * c[6]) + c[2] * (c[3] * c[7] - c[4] * c[6])
);

const inverse = (c, spread) => [
  c[4] * c[8] - c[5] * c[7], c[2] * c[7] - c[1] * c[8], c[1] * c[5] - c[2] * c[4],
  c[5] * c[6] - c[3] * c[8], c[0] * c[8] - c[2] * c[6], c[2] * c[3] - c[0] * c[5],
  c[3] * c[7] - c[4] * c[6], c[1] * c[6] - c[0] * c[7], c[0] * c[4] - c[1] * c[3],
].map((each) => each / spread);

const componentOf = (pixels, places, all) => {
  if (!places.length) return null;
  const [sums, products] = [[0, 0, 0], new Array(9).fill(0)];
  for (const place of places) {
    for (let one = 0; one < 3; one += 1) {
      sums[one] += pixels[3 * place + one];
      for (let other = 0; other < 3; other += 1) products[3 * one + other] += pixels[3 * place + one] * pixels[3 * place + other];
    }
  }
  const mean = sums.map((sum) => sum / places.length);
  const spreads = products.map((sum, at) => sum / places.length - mean[Math.floor(at / 3)] * mean[at % 3]);
  // One colour alone has no spread.
  if (determinant(spreads) <= LEAST_SPREAD) for (const at of [0, 4, 8]) spreads[at] += NOISE;
  const spread = determinant(spreads);
  return { share: places.length / all, mean, inverse: inverse(spreads, spread), height: 1 / Math.sqrt(spread) };
};

const densityIn = (component, pixels, place) => {
  if (!component) return 0;
  const { mean, inverse: i, height } = component;
  const [x, y, z] = [pixels[3 * place] - mean[0], pixels[3 * place + 1] - mean[1], pixels[3 * place + 2] - mean[2]];
  const far = x * (x * i[0] + y * i[3] + z * i[6]) + y * (x * i[1] + y * i[4] + z * i[7]) + z * (x * i[2] + y * i[5] + z * i[8]);
  return height * Math.exp(-0.5 * far);
};

// places: of the pixels to learn from; labels: the component of each.
export const mixtureOf = (pixels, places, labels, count) => {
  const components = Array.from({ length: count }, (_, label) => componentOf(pixels, places.filter((_each, at) => labels[at] === label), places.length));
  return {
    density: (of, place) => components.reduce((sum, each) => sum + (each ? each.share * densityIn(each, of, place) : 0), 0),
    nearest: (of, place) => {
      let [best, most] = [0, 0];
      components.forEach((each, label) => {
        const density = densityIn(each, of, place);
        if (density > most) [best, most] = [label, density];
      });
      return best;
    },
  };
};
