// plot.architecture: a model as boxes for its layers, from top to bottom, with branches where it has them.
import { type Drawable, type Drawing, drawable, tenth, textAt } from "./drawing.ts";
import { layOut, type Point } from "./layers.ts";
import { textWidth } from "./text.ts";
import { INK } from "./theme.ts";
import { checkOptions, shapeText } from "./values.ts";

/** A layer as the drawing sees it. */
interface DrawnLayer {
  readonly name: string;
  readonly kind: string;
  readonly inputShape: readonly number[] | null;
  readonly parameterCount: number;
}

/** A call of a layer: what comes out, and the calls that it takes its inputs from. */
interface DrawnCall {
  readonly name: string;
  readonly kind: string;
  readonly layer: DrawnLayer;
  readonly outputShape: readonly number[] | null;
  readonly from: readonly number[];
}

/** A model made of layers. */
export interface DrawnModel {
  readonly name: string;
  /** The calls of its layers, each after those that it depends on. A model written as a class does not say how they go together. */
  readonly nodes: readonly DrawnCall[];
}

export interface ArchitectureOptions {
  /** A line above the drawing. */
  title?: string;
}

interface Box {
  readonly lines: readonly string[];
  readonly colors: readonly [paper: string, border: string];
  readonly width: number;
  readonly height: number;
  readonly from: readonly number[];
}

/** A picture of more layers cannot be read. */
export const MOST_LAYERS = 80;
const HEADING_SIZE = 13;
const LINE_SIZE = 11;
const LINE_HEIGHT = 16;
const PADDING = 12;
const MARGIN = 6;
const TITLE_LINE = 28;
const HEADING = "#111827";
const LINE = "#4b5563";

const NEUTRAL = ["#f3f4f6", "#9ca3af"] as const;
/** Kinds of layers by a part of their names, with paper and border. */
const FAMILIES: readonly (readonly [pattern: RegExp, colors: Box["colors"]])[] = [
  [/conv/i, ["#dbeafe", "#5b8def"]],
  [/pool/i, ["#dcfce7", "#41a866"]],
  [/dense|embedding|attention/i, ["#fef3c7", "#d99a1c"]],
  [/concat|add|multiply|subtract|average$|maximum|minimum|dot|merge/i, ["#ede9fe", "#8b6fd8"]],
  [/rnn|lstm|gru/i, ["#fee2e2", "#d26a6a"]],
];

/**
 * Draws a model's layers as boxes with their output shapes and numbers of parameters: a chain for a sequential model, a
 * graph for a functional one, a list without arrows for one written as a class.
 *
 * @throws RangeError when there are more than 80 layers
 * @example
 * plot.architecture(sequential([conv2d(6, 5, { inputShape: [32, 32, 1] }), maxPool2d(2), flatten(), dense(10)]))
 */
export function architecture(model: DrawnModel, options: ArchitectureOptions = {}): Drawable {
  checkOptions("plot.architecture", options, '{ title: "LeNet" }');
  const { title } = options;
  const nodes = (model as DrawnModel | null | undefined)?.nodes;
  if (!Array.isArray(nodes))
    throw new TypeError("plot.architecture: expected a model made by sequential(…) or model(…)");
  if (nodes.length === 0) throw new RangeError("plot.architecture: the model has no layers");
  if (nodes.length > MOST_LAYERS)
    throw new RangeError(`plot.architecture: ${nodes.length} layers cannot be read, at most ${MOST_LAYERS}`);
  const isList = nodes.length > 1 && nodes.every((node) => node.from.length === 0);
  const calls = isList ? nodes : withInput(nodes);
  const layers = new Set(calls.map((call) => call.layer));
  const total = [...layers].reduce((sum, layer) => sum + layer.parameterCount, 0);
  const isBuilt = nodes.every((node) => node.outputShape !== null);
  const heading = title ?? `${model.name}${isBuilt ? `: ${count(total)}` : ""}`;
  return drawable(() => drawBoxes(calls.map(boxOf), isList, heading, textOf(calls, heading)));
}

/** With a box for the input, which sequential models have no layer for. */
function withInput(nodes: readonly DrawnCall[]): readonly DrawnCall[] {
  const [first] = nodes;
  if (first.kind === "input" || first.layer.inputShape === null) return nodes;
  const { inputShape } = first.layer;
  const layer = { name: "input", kind: "input", inputShape, parameterCount: 0 };
  const input = { name: "input", kind: "input", layer, outputShape: inputShape, from: [] };
  const moved = nodes.map((node) => ({
    ...node,
    from: node.from.length === 0 ? [0] : node.from.map((i) => i + 1),
  }));
  return [input, ...moved];
}

/** The name with the window's size: "conv2d_1, 3 × 3". */
function nameOf({ name, kind, layer }: DrawnCall): string {
  const { kernelSize, poolSize } = layer as { kernelSize?: unknown; poolSize?: unknown };
  const size = kernelSize ?? poolSize;
  const window = Array.isArray(size) ? `, ${size.join(" × ")}` : "";
  return `${name}${name.startsWith(kind) ? "" : ` (${kind})`}${window}`;
}

function boxOf(call: DrawnCall): Box {
  const { parameterCount } = call.layer;
  const lines = [
    nameOf(call),
    call.outputShape ? call.outputShape.join(" × ") : "shape not known yet",
    ...(parameterCount > 0 ? [count(parameterCount)] : []),
  ];
  const widths = lines.map((line, i) => textWidth(line, i === 0 ? HEADING_SIZE : LINE_SIZE));
  return {
    lines,
    colors: FAMILIES.find(([pattern]) => pattern.test(call.kind))?.[1] ?? NEUTRAL,
    width: Math.ceil(Math.max(...widths)) + 2 * PADDING,
    height: lines.length * LINE_HEIGHT + 12,
    from: call.from,
  };
}

/** A list of boxes stands in a column like a chain, but without arrows. */
function drawBoxes(boxes: readonly Box[], isList: boolean, title: string, text: string): Drawing {
  // The layout runs from left to right: here its axes are exchanged.
  const layout = layOut(
    boxes.map(({ width, height, from }, i) => ({
      width: height,
      height: width,
      from: isList && i > 0 ? [i - 1] : from,
    })),
  );
  const down = ({ x, y }: Point): Point => ({ x: y, y: x });
  const places = layout.nodes.map(down);
  const parts: string[] = [];
  boxes.forEach((box, i) => {
    box.from.forEach((source, k) => {
      const start = { x: places[source].x, y: places[source].y + boxes[source].height };
      const end = { x: places[i].x, y: places[i].y - 2 };
      parts.push(arrow([start, ...layout.bends[i][k].map(down), end]));
    });
  });
  boxes.forEach((box, i) => {
    parts.push(drawBox(box, places[i]));
  });
  const heading = textWidth(title, 14);
  const content = layout.height + 2 * MARGIN;
  const width = Math.ceil(Math.max(content, heading + 2 * MARGIN));
  const svg =
    `<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">` +
    `<path d="M0 0.5 L8 4 L0 7.5 z" fill="${INK}"/></marker></defs>` +
    textAt(width / 2, 17, title, `font-size="14" text-anchor="middle" fill="${INK}"`) +
    `<g transform="translate(${tenth(MARGIN + (width - content) / 2)} ${TITLE_LINE + MARGIN})">${parts.join("")}</g>`;
  return { svg, width, height: Math.ceil(layout.width + TITLE_LINE + 2 * MARGIN), text };
}

/** A curve through the points, upright at each of them. */
function arrow(points: readonly Point[]): string {
  const [first, ...rest] = points;
  let path = `M${tenth(first.x)} ${tenth(first.y)}`;
  let before = first;
  for (const point of rest) {
    const middle = tenth((before.y + point.y) / 2);
    path += ` C${tenth(before.x)} ${middle} ${tenth(point.x)} ${middle} ${tenth(point.x)} ${tenth(point.y)}`;
    before = point;
  }
  return `<path d="${path}" fill="none" stroke="${INK}" stroke-width="1.4" marker-end="url(#tip)"/>`;
}

function drawBox({ lines, colors: [paper, border], width, height }: Box, { x, y }: Point): string {
  const texts = lines.map((line, i) => {
    const style =
      i === 0 ? `font-size="${HEADING_SIZE}" fill="${HEADING}"` : `font-size="${LINE_SIZE}" fill="${LINE}"`;
    return textAt(x, y + 19 + i * LINE_HEIGHT, line, `${style} text-anchor="middle"`);
  });
  return (
    `<rect x="${tenth(x - width / 2)}" y="${tenth(y)}" width="${width}" height="${height}" rx="5" fill="${paper}" ` +
    `stroke="${border}" stroke-width="1.2"/>${texts.join("")}`
  );
}

function textOf(calls: readonly DrawnCall[], title: string): string {
  const lines = calls.map((call) => {
    const sources = call.from.map((i) => calls[i].name).join(", ");
    const shape = call.outputShape ? shapeText(call.outputShape) : "?";
    const parameters = call.layer.parameterCount > 0 ? `, ${count(call.layer.parameterCount)}` : "";
    return `  ${nameOf(call)} ${shape}${parameters}${sources ? ` ← ${sources}` : ""}`;
  });
  return [title, ...lines].join("\n");
}

function count(parameters: number): string {
  return `${parameters.toLocaleString("en-US")} parameter${parameters === 1 ? "" : "s"}`;
}
