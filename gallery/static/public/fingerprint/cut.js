// The cheapest cut of a graph in two, by the greatest flow that it lets through (Dinic, 1970).
const NOTHING = 1e-9;

const graphOf = (pulls, bonds) => {
  const [source, sink] = [pulls.length, pulls.length + 1];
  const ends = [];
  const left = [];
  const out = Array.from({ length: pulls.length + 2 }, () => []);
  const join = (from, to, there, back) => {
    out[from].push(ends.length);
    ends.push(to);
    left.push(there);
    out[to].push(ends.length);
    ends.push(from);
    left.push(back);
  };
  pulls.forEach((pull, place) => {
    if (pull > 0) join(source, place, pull, 0);
    if (pull < 0) join(place, sink, -pull, 0);
  });
  for (const [one, other, weight] of bonds) join(one, other, weight, weight);
  return { source, sink, ends: Int32Array.from(ends), left: Float64Array.from(left), out: out.map((each) => Int32Array.from(each)) };
};

// How many edges away from the source each place is, as far as something can still flow; -1 beyond.
const levelsOf = ({ source, ends, left, out }) => {
  const levels = new Int32Array(out.length).fill(-1);
  const queue = new Int32Array(out.length);
  levels[source] = 0;
  queue[0] = source;
  for (let at = 0, known = 1; at < known; at += 1) {
    for (const edge of out[queue[at]]) {
      if (left[edge] > NOTHING && levels[ends[edge]] < 0) {
        levels[ends[edge]] = levels[queue[at]] + 1;
        queue[known] = ends[edge];
        known += 1;
      }
    }
  }
  return levels;
};

// Let flow what can, along edges that lead one level on.
const saturate = ({ source, sink, ends, left, out }, levels) => {
  const tried = new Int32Array(out.length);
  const path = [];
  let place = source;
  while (true) {
    if (place === sink) {
      const amount = path.reduce((least, edge) => Math.min(least, left[edge]), Infinity);
      for (const edge of path) {
        left[edge] -= amount;
        left[edge ^ 1] += amount;
      }
      const full = path.findIndex((edge) => left[edge] <= NOTHING);
      place = ends[path[full] ^ 1];
      path.length = full;
    }
    const edges = out[place];
    while (tried[place] < edges.length && !(left[edges[tried[place]]] > NOTHING && levels[ends[edges[tried[place]]]] === levels[place] + 1)) tried[place] += 1;
    if (tried[place] < edges.length) {
      path.push(edges[tried[place]]);
      place = ends[path.at(-1)];
    } else if (path.length) {
      place = ends[path.pop() ^ 1];
      tried[place] += 1;
    } else {
      return;
    }
  }
};

// Which places stay with the source, 1 each. pulls: how strongly each is drawn to it, or to the sink where negative; bonds: [one, other,
// what it costs to part them].
export const cutOf = (pulls, bonds) => {
  const graph = graphOf(pulls, bonds);
  let levels = levelsOf(graph);
  while (levels[graph.sink] >= 0) {
    saturate(graph, levels);
    levels = levelsOf(graph);
  }
  return Uint8Array.from(pulls, (_, place) => (levels[place] >= 0 ? 1 : 0));
};
