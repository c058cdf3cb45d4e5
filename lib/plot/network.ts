// plot.network: a small network as circles for units and lines for weights.
import { type Drawable, type Drawing, drawable, tenth, textAt } from "./drawing.ts";
import { shortNumber } from "./number.ts";
import { textWidth } from "./text.ts";
import { INK } from "./theme.ts";
import { checkOptions, finiteRange, isTensorLike, readValues, shapeText, type Values } from "./values.ts";

export interface NetworkOptions {
  /** A line above the drawing. */
  title?: string;
  /** Names of the layers, below them; without them "input", "hidden", "output". */
  layers?: readonly string[];
  /** Names of the input units, at their left. */
  inputs?: readonly string[];
  /** Names of the output units, at their right. */
  outputs?: readonly string[];
  /** The weights between the layers, `[units before, units after]` each: blue lines are negative, red ones positive, thick ones large. */
  weights?: readonly Values[];
}

/** A model of dense layers: the first weight of each is its matrix. */
interface DenseModel {
  readonly layers: readonly { readonly weights: readonly unknown[] }[];
}

interface Column {
  readonly units: number;
  /** The units that are drawn; of many the first and the last. */
  readonly drawn: readonly number[];
  readonly x: number;
}

/** Of larger layers only some units are drawn. */
const MOST_UNITS = 10;
const FIRST_UNITS = 5;
const LAST_UNITS = 3;
const RADIUS = 12;
const STEP = 34;
const DISTANCE = 130;
const MARGIN = 10;
const SIZE = 12;
const COLORS = [
  ["#dbeafe", "#5b8def"],
  ["#f3f4f6", "#9ca3af"],
  ["#fef3c7", "#d99a1c"],
] as const;
const NEGATIVE = "#2f74c0";
const POSITIVE = "#d0454c";

/**
 * Draws a network of fully connected layers as units and the lines between them; of more than 10 units the first and last.
 *
 * @param network the numbers of units, `[3, 4, 2]`, or a model of dense layers, whose weights then colour the lines
 * @throws RangeError when there are fewer than two layers, or names and weights do not fit
 * @example
 * plot.network([2, 3, 1], { inputs: ["x₁", "x₂"], outputs: ["y"] })
 */
export function network(network: readonly number[] | DenseModel, options: NetworkOptions = {}): Drawable {
  checkOptions("plot.network", options, '{ inputs: ["x", "y"] }');
  const read = readNetwork(network, options.weights);
  const { sizes } = read;
  if (sizes.length < 2) throw new RangeError("plot.network: a network has at least two layers: [3, 4, 2]");
  const odd = sizes.find((size) => !(Number.isInteger(size) && size > 0));
  if (odd !== undefined)
    throw new RangeError(`plot.network: a layer has a whole number of units, got ${odd}`);
  checkNames("layers", options.layers, sizes.length);
  checkNames("inputs", options.inputs, sizes[0]);
  checkNames("outputs", options.outputs, sizes[sizes.length - 1]);
  return drawable(() => drawNetwork(sizes, read.weights, options));
}

function readNetwork(
  network: readonly number[] | DenseModel,
  given: readonly Values[] | undefined,
): { sizes: readonly number[]; weights?: readonly ArrayLike<number>[] } {
  const isModel = !Array.isArray(network);
  const model = network as DenseModel;
  if (isModel && !Array.isArray(model?.layers))
    throw new TypeError("plot.network: expected numbers of units, [3, 4, 2], or a model of dense layers");
  const matrices = isModel
    ? model.layers.flatMap(({ weights: [first] }) =>
        isTensorLike(first) && first.shape.length === 2 ? [first] : [],
      )
    : given;
  if (matrices === undefined) return { sizes: network as readonly number[] };
  if (matrices.length === 0)
    throw new RangeError("plot.network: the model has no dense layers, or no weights yet");
  const grids = matrices.map((matrix) => readValues("plot.network, weights", matrix));
  const sizes = [grids[0].shape[0], ...grids.map((grid) => grid.shape[1])];
  const wanted = isModel ? sizes : (network as readonly number[]);
  const fits =
    wanted.length === grids.length + 1 &&
    grids.every(({ shape }, i) => shape.length === 2 && shape[0] === wanted[i] && shape[1] === wanted[i + 1]);
  if (!fits) {
    const shapes = grids.map(({ shape }) => shapeText(shape)).join(", ");
    throw new RangeError(
      `plot.network: weights ${shapes} do not connect layers of ${wanted.join(", ")} units`,
    );
  }
  return { sizes: wanted, weights: grids.map((grid) => grid.values) };
}

function checkNames(what: string, names: readonly string[] | undefined, count: number): void {
  if (names !== undefined && names.length !== count)
    throw new RangeError(`plot.network: ${names.length} names for ${count} ${what}`);
}

function drawNetwork(
  sizes: readonly number[],
  weights: readonly ArrayLike<number>[] | undefined,
  { title, layers, inputs = [], outputs = [] }: NetworkOptions,
): Drawing {
  const room = (names: readonly string[]): number =>
    Math.max(0, ...names.map((name) => textWidth(name, SIZE) + 10));
  const names =
    layers ?? sizes.map((_, i) => (i === 0 ? "input" : i === sizes.length - 1 ? "output" : "hidden"));
  const labelRoom = Math.max(...names.map((name) => textWidth(name, SIZE))) / 2 - RADIUS;
  const left = MARGIN + Math.max(room(inputs), labelRoom) + RADIUS;
  const columns = sizes.map((units, i): Column => {
    const all = Array.from({ length: units }, (_, unit) => unit);
    const isCut = units > MOST_UNITS;
    const drawn = isCut ? [...all.slice(0, FIRST_UNITS), ...all.slice(-LAST_UNITS)] : all;
    return { units, drawn, x: left + i * DISTANCE };
  });
  const slots = (column: Column): number => column.drawn.length + (column.units > MOST_UNITS ? 1 : 0);
  const height = Math.max(...columns.map(slots)) * STEP;
  const top = MARGIN + (title ? 24 : 0);
  const yOf = (column: Column, at: number): number => {
    const slot = column.units > MOST_UNITS && at >= FIRST_UNITS ? at + 1 : at;
    return top + height / 2 + (slot - (slots(column) - 1) / 2) * STEP;
  };
  const width = Math.ceil(
    columns[columns.length - 1].x + RADIUS + Math.max(room(outputs), labelRoom) + MARGIN,
  );

  const parts: string[] = [];
  const label = (x: number, y: number, text: string, anchor = "middle"): void => {
    parts.push(textAt(x, y, text, `font-size="${SIZE}" text-anchor="${anchor}" fill="${INK}"`));
  };
  columns.slice(1).forEach((column, i) => {
    const before = columns[i];
    const values = weights?.[i];
    const range = values && finiteRange(values);
    const reach = range ? Math.max(-range.min, range.max) || 1 : 1;
    before.drawn.forEach((from, a) => {
      column.drawn.forEach((to, b) => {
        const weight = values?.[from * column.units + to];
        parts.push(
          `<path d="M${tenth(before.x)} ${tenth(yOf(before, a))}L${tenth(column.x)} ${tenth(yOf(column, b))}" ${lineStyle(weight, reach)}/>`,
        );
      });
    });
  });
  columns.forEach((column, i) => {
    const [paper, border] = COLORS[i === 0 ? 0 : i === columns.length - 1 ? 2 : 1];
    column.drawn.forEach((unit, at) => {
      const y = yOf(column, at);
      parts.push(
        `<circle cx="${tenth(column.x)}" cy="${tenth(y)}" r="${RADIUS}" fill="${paper}" stroke="${border}" stroke-width="1.5"/>`,
      );
      if (i === 0 && inputs[unit]) label(column.x - RADIUS - 6, y + 4, inputs[unit], "end");
      if (i === columns.length - 1 && outputs[unit])
        label(column.x + RADIUS + 6, y + 4, outputs[unit], "start");
    });
    if (column.units > MOST_UNITS) {
      const middle = (yOf(column, FIRST_UNITS - 1) + yOf(column, FIRST_UNITS)) / 2;
      parts.push(textAt(column.x, middle + 7, "⋮", `font-size="20" text-anchor="middle" fill="${INK}"`));
    }
    label(column.x, top + height + 14, names[i]);
    label(column.x, top + height + 30, String(column.units));
  });
  if (title) parts.push(textAt(MARGIN, 18, title, `font-size="14" fill="${INK}"`));
  const layerTexts = names.map((name, i) => `${name} ${sizes[i]}`);
  const ranges = weights
    ?.map(finiteRange)
    .map(({ min, max }) => `${shortNumber(min)} to ${shortNumber(max)}`);
  const weightText = ranges ? `; weights ${ranges.join(", then ")}` : "";
  return {
    svg: parts.join(""),
    width: Math.max(width, title ? Math.ceil(textWidth(title, 14)) + 2 * MARGIN : 0),
    height: top + height + 40,
    text: `${title ? `${title}: ` : ""}fully connected network, ${layerTexts.join(" → ")}${weightText}`,
  };
}

/** Grey lines without weights; else the colour is the sign, the width the size. */
function lineStyle(weight: number | undefined, reach: number): string {
  if (weight === undefined || !Number.isFinite(weight)) return `stroke="${INK}" stroke-opacity="0.55"`;
  const part = Math.abs(weight) / reach;
  return `stroke="${weight < 0 ? NEGATIVE : POSITIVE}" stroke-opacity="${tenth(0.25 + 0.7 * part)}" stroke-width="${tenth(0.6 + 2.6 * part)}"`;
}
