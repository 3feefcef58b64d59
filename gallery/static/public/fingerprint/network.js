// EfficientNet-Lite0 in plain arithmetic: the same chain of convolutions as gallery/matching/tiers/efficientnet.py writes for the service,
// on pictures of 288 pixels, a row after the other, the channels of a place side by side. Four places by four channels at a time, so that
// a browser keeps the sums in its registers: a third of a second a picture on an ordinary computer.
export const SIDE = 288;
export const FEATURES = 1280;

const STEM = 32;
const POWER = 3;
// What the file holds, and all of its bytes.
const FLOATS = 42016;
const BYTES = 6826048;
// Blocks of a stage, stride of the first, how much they widen, channels, side of the kernel.
const STAGES = [[1, 1, 1, 16, 3], [2, 2, 6, 24, 3], [2, 2, 6, 40, 5], [3, 2, 6, 80, 3], [3, 1, 6, 112, 5], [4, 2, 6, 192, 5], [1, 1, 6, 320, 3]];

const inFours = (places) => (places + 3) & ~3;

const clipped = (values) => {
  for (let at = 0; at < values.length; at += 1) values[at] = Math.min(6, Math.max(0, values[at]));
};

// Each place alone: channels become others.
const mixed = (from, places, channels, { kernel, bias }) => {
  const wide = bias.length;
  const to = new Float32Array(inFours(places) * wide);
  for (let place = 0; place < places; place += 4) {
    const [p, q, r, s] = [place * channels, (place + 1) * channels, (place + 2) * channels, (place + 3) * channels];
    for (let out = 0; out < wide; out += 4) {
      const [k, l, m, n] = [out * channels, (out + 1) * channels, (out + 2) * channels, (out + 3) * channels];
      let pk = bias[out];
      let pl = bias[out + 1];
      let pm = bias[out + 2];
      let pn = bias[out + 3];
      let [qk, ql, qm, qn] = [pk, pl, pm, pn];
      let [rk, rl, rm, rn] = [pk, pl, pm, pn];
      let [sk, sl, sm, sn] = [pk, pl, pm, pn];
      for (let each = 0; each < channels; each += 1) {
        const a = from[p + each];
        const b = from[q + each];
        const c = from[r + each];
        const d = from[s + each];
        const w = kernel[k + each];
        const x = kernel[l + each];
        const y = kernel[m + each];
        const z = kernel[n + each];
        pk += a * w; pl += a * x; pm += a * y; pn += a * z;
        qk += b * w; ql += b * x; qm += b * y; qn += b * z;
        rk += c * w; rl += c * x; rm += c * y; rn += c * z;
        sk += d * w; sl += d * x; sm += d * y; sn += d * z;
      }
      const at = place * wide + out;
      to[at] = pk; to[at + 1] = pl; to[at + 2] = pm; to[at + 3] = pn;
      to[at + wide] = qk; to[at + wide + 1] = ql; to[at + wide + 2] = qm; to[at + wide + 3] = qn;
      to[at + 2 * wide] = rk; to[at + 2 * wide + 1] = rl; to[at + 2 * wide + 2] = rm; to[at + 2 * wide + 3] = rn;
      to[at + 3 * wide] = sk; to[at + 3 * wide + 1] = sl; to[at + 3 * wide + 2] = sm; to[at + 3 * wide + 3] = sn;
    }
  }
  return to;
};

const padding = (side, ends, stride, kernel) => Math.floor(Math.max(0, (ends - 1) * stride + kernel - side) / 2);

// Each channel alone: places look around themselves. kernel: a place after the other, its channels side by side.
const lookedAround = (from, side, { kernel, bias }, stride, reach) => {
  const channels = bias.length;
  const ends = Math.ceil(side / stride);
  const before = padding(side, ends, stride, reach);
  const to = new Float32Array(inFours(ends * ends) * channels);
  for (let place = 0; place < ends * ends; place += 1) {
    const sum = to.subarray(place * channels, (place + 1) * channels);
    const [top, left] = [Math.floor(place / ends) * stride - before, (place % ends) * stride - before];
    sum.set(bias);
    for (let step = 0; step < reach * reach; step += 1) {
      const [row, column] = [top + Math.floor(step / reach), left + (step % reach)];
      if (row < 0 || row >= side || column < 0 || column >= side) continue;
      const [at, weight] = [(row * side + column) * channels, step * channels];
      for (let each = 0; each < channels; each += 1) sum[each] += from[at + each] * kernel[weight + each];
    }
  }
  clipped(to);
  return to;
};

// The 3 x 3 places around every second one, side by side: the first convolution is then one of each place alone.
const surroundings = (picture) => {
  const ends = SIDE / 2;
  const columns = new Float32Array(ends * ends * 27);
  for (let at = 0; at < columns.length; at += 1) {
    const [place, step, channel] = [Math.floor(at / 27), Math.floor((at % 27) / 3), at % 3];
    const row = Math.floor(place / ends) * 2 + Math.floor(step / 3);
    const column = (place % ends) * 2 + (step % 3);
    if (row < SIDE && column < SIDE) columns[at] = picture[(row * SIDE + column) * 3 + channel];
  }
  return columns;
};

const inPieces = (numbers) => {
  let place = 0;
  return (count) => {
    place += count;
    return numbers.subarray(place - count, place);
  };
};

// Hands out the layers in their order. The file holds floats, a bias and a unit for each channel of a layer, and then the kernels as whole
// numbers of these units.
const reading = (file) => {
  const floats = inPieces(new Float32Array(file, 0, FLOATS));
  const wholes = inPieces(new Int16Array(file, FLOATS * 4));
  return (inputs, outputs, unitOf) => {
    const [bias, units] = [floats(outputs), floats(outputs)];
    const kernel = Float32Array.from(wholes(inputs * outputs), (each, at) => each * units[unitOf(at, inputs, outputs)]);
    return { kernel, bias };
  };
};

const ofRows = (at, inputs) => Math.floor(at / inputs);
const ofColumns = (at, _inputs, outputs) => at % outputs;

// The network, from the file's bytes: a function from a picture, 288 x 288 x 3 numbers of -1 to 1, to its 1,280 features.
export const networkOf = (file) => {
  if (file.byteLength !== BYTES) throw new Error('not all of the model');
  const next = reading(file);
  const layer = (inputs, outputs) => next(inputs, outputs, ofRows);
  const stem = layer(27, STEM);
  let channels = STEM;
  const blocks = STAGES.flatMap(([count, first, widens, narrow, reach]) => Array.from({ length: count }, (_, number) => {
    const wide = channels * widens;
    const block = {
      stride: number ? 1 : first, reach, wide, channels, isAdded: number > 0,
      widen: widens > 1 ? layer(channels, wide) : null,
      around: next(reach * reach, wide, ofColumns),
      narrow: layer(wide, narrow),
    };
    channels = narrow;
    return block;
  }));
  const head = layer(channels, FEATURES);

  return (picture) => {
    let side = SIDE / 2;
    let now = mixed(surroundings(picture), side * side, 27, stem);
    clipped(now);
    for (const block of blocks) {
      const cameIn = now;
      if (block.widen) {
        now = mixed(now, side * side, block.channels, block.widen);
        clipped(now);
      }
      now = lookedAround(now, side, block.around, block.stride, block.reach);
      side = Math.ceil(side / block.stride);
      now = mixed(now, side * side, block.wide, block.narrow);
      if (block.isAdded) for (let at = 0; at < now.length; at += 1) now[at] += cameIn[at];
    }
    now = mixed(now, side * side, channels, head);
    clipped(now);
    return Float64Array.from({ length: FEATURES }, (_, feature) => {
      let sum = 0;
      for (let place = 0; place < side * side; place += 1) sum += now[place * FEATURES + feature] ** POWER;
      return Math.cbrt(sum / (side * side));
    });
  };
};
