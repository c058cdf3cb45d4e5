// The places of a graph's nodes in a picture that reads from left to right: layers, their order, their heights (after
// Sugiyama, Tagawa and Toda 1981).

/** What the layout has to know of a node: its size, and which nodes its arrows come from. Those come before it in the list. */
export interface LayoutNode {
  readonly width: number;
  readonly height: number;
  readonly from: readonly number[];
}

export interface Point {
  x: number;
  y: number;
}

/** Where everything goes: left edge and middle height of each node, and the bends of each arrow. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly Point[];
  /** For each node, for each of its arrows: the points it passes through in the layers between. */
  readonly bends: readonly (readonly Point[][])[];
}

/** A node, or the place where a long arrow passes through a layer. */
interface Spot {
  readonly layer: number;
  readonly height: number;
  readonly before: Spot[];
  readonly after: Spot[];
  y: number;
}

const LAYER_GAP = 34;
const ROW_GAP = 18;
const BEND_HEIGHT = 8;
const SWEEPS = 12;

/** Places the nodes so that arrows go to the right, cross seldom and are short. */
export function layOut(nodes: readonly LayoutNode[]): Layout {
  const layerOf = assignLayers(nodes);
  const count = Math.max(...layerOf) + 1;
  const layers: Spot[][] = Array.from({ length: count }, () => []);
  const add = (layer: number, height: number): Spot => {
    const spot: Spot = { layer, height, before: [], after: [], y: 0 };
    layers[layer].push(spot);
    return spot;
  };
  const link = (from: Spot, to: Spot): void => {
    from.after.push(to);
    to.before.push(from);
  };
  const spots: Spot[] = [];
  for (const i of depthFirst(nodes)) spots[i] = add(layerOf[i], nodes[i].height);
  const passed = nodes.map((node, i) =>
    node.from.map((source) => {
      const chain: Spot[] = [];
      for (let layer = layerOf[source] + 1; layer < layerOf[i]; layer++) chain.push(add(layer, BEND_HEIGHT));
      [spots[source], ...chain].forEach((spot, k) => {
        link(spot, chain[k] ?? spots[i]);
      });
      return chain;
    }),
  );
  orderLayers(layers);
  placeRows(layers);

  const lefts: number[] = [];
  const widths = layers.map((_, layer) =>
    Math.max(...nodes.map((node, i) => (layerOf[i] === layer ? node.width : 0))),
  );
  let x = 0;
  for (const width of widths) {
    lefts.push(x);
    x += width + LAYER_GAP;
  }
  const all = layers.flat();
  const top = Math.min(...all.map((spot) => spot.y - spot.height / 2));
  const bottom = Math.max(...all.map((spot) => spot.y + spot.height / 2));
  const place = (spot: Spot): Point => ({ x: lefts[spot.layer], y: spot.y - top });
  return {
    width: x - LAYER_GAP,
    height: bottom - top,
    nodes: spots.map(place),
    bends: passed.map((arrows) =>
      arrows.map((chain) =>
        chain.flatMap((spot) => {
          const { x: left, y } = place(spot);
          return [
            { x: left, y },
            { x: left + widths[spot.layer], y },
          ];
        }),
      ),
    ),
  };
}

/** Results as far left as their inputs allow; inputs beside the first that uses them. */
function assignLayers(nodes: readonly LayoutNode[]): number[] {
  const layers = nodes.map(() => 0);
  nodes.forEach((node, i) => {
    for (const source of node.from) layers[i] = Math.max(layers[i], layers[source] + 1);
  });
  const firstUse = nodes.map(() => Number.POSITIVE_INFINITY);
  nodes.forEach((node, i) => {
    for (const source of node.from) firstUse[source] = Math.min(firstUse[source], layers[i]);
  });
  nodes.forEach((node, i) => {
    if (node.from.length === 0 && Number.isFinite(firstUse[i])) layers[i] = firstUse[i] - 1;
  });
  return layers;
}

/** The nodes as they are met going back from the last one, so that first arguments begin on top. */
function depthFirst(nodes: readonly LayoutNode[]): number[] {
  const order: number[] = [];
  const met = new Set<number>();
  for (let last = nodes.length - 1; last >= 0; last--) {
    const stack = [last];
    for (let i = stack.pop(); i !== undefined; i = stack.pop()) {
      if (met.has(i)) continue;
      met.add(i);
      order.push(i);
      stack.push(...[...nodes[i].from].reverse());
    }
  }
  return order;
}

/** Sorts each layer by the mean position of its neighbours, back and forth; keeps the order with the fewest crossings. */
function orderLayers(layers: Spot[][]): void {
  let best = layers.map((layer) => [...layer]);
  let fewest = crossings(layers);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
    const forward = sweep % 2 === 0;
    const order = layers.map((_, i) => (forward ? i : layers.length - 1 - i));
    for (const at of order.slice(1)) {
      const beside = layers[forward ? at - 1 : at + 1];
      const position = new Map(beside.map((spot, i) => [spot, i]));
      const wanted = new Map(
        layers[at].map((spot, i) => {
          const neighbours = forward ? spot.before : spot.after;
          return [spot, neighbours.length === 0 ? i : mean(neighbours.map((s) => position.get(s)!))];
        }),
      );
      layers[at].sort((a, b) => wanted.get(a)! - wanted.get(b)!);
    }
    const now = crossings(layers);
    if (now < fewest) {
      fewest = now;
      best = layers.map((layer) => [...layer]);
    }
  }
  best.forEach((layer, i) => {
    layers[i] = layer;
  });
}

function crossings(layers: readonly Spot[][]): number {
  let count = 0;
  for (let i = 1; i < layers.length; i++) {
    const position = new Map(layers[i - 1].map((spot, k) => [spot, k]));
    const ends = layers[i].flatMap((spot, k) => spot.before.map((s) => [position.get(s)!, k]));
    ends.forEach(([a, b], k) => {
      for (const [c, d] of ends.slice(k + 1)) if ((a - c) * (b - d) < 0) count++;
    });
  }
  return count;
}

/** Heights: each spot as near to the mean of its neighbours as the order and the gaps allow. */
function placeRows(layers: readonly Spot[][]): void {
  for (const layer of layers)
    spread(
      layer,
      layer.map(() => 0),
    );
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const rightwards = sweep % 2 === 0;
    for (const layer of rightwards ? layers : [...layers].reverse()) {
      spread(
        layer,
        layer.map((spot) => {
          const sides = rightwards ? [spot.before, spot.after] : [spot.after, spot.before];
          const neighbours = sides.find((side) => side.length > 0) ?? [];
          return neighbours.length === 0 ? spot.y : mean(neighbours.map((s) => s.y));
        }),
      );
    }
  }
}

/** Sets the heights nearest to the wanted ones (least squares) that keep order and gaps: pools whatever would overlap. */
function spread(layer: readonly Spot[], wanted: readonly number[]): void {
  // Measured from where each would stand if all stood close together, the heights only have to grow.
  const starts: number[] = [];
  let at = 0;
  for (const spot of layer) {
    starts.push(at + spot.height / 2);
    at += spot.height + ROW_GAP;
  }
  const pools: { sum: number; count: number }[] = [];
  layer.forEach((_, i) => {
    pools.push({ sum: wanted[i] - starts[i], count: 1 });
    while (pools.length > 1) {
      const [a, b] = pools.slice(-2);
      if (a.sum / a.count <= b.sum / b.count) break;
      pools.splice(-2, 2, { sum: a.sum + b.sum, count: a.count + b.count });
    }
  });
  let i = 0;
  for (const { sum, count } of pools) {
    for (let k = 0; k < count; k++, i++) layer[i].y = sum / count + starts[i];
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
