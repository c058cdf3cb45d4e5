// Computational graphs as pictures: operations in circles, what they give in boxes, arrows from left to right.
import { escapeMarkup, type MimeBundle, pngBundle } from "./bundle.ts";
import { layOut, type Point } from "./layers.ts";
import { textWidth } from "./text.ts";
import { INK } from "./theme.ts";

/** What a node is to its graph; each kind has its colour. */
export type DiagramRole = "input" | "parameter" | "between" | "result";

/** One box, with the circle of the operation that it comes from. Nodes stand behind those they are computed from. */
export interface DiagramNode {
  readonly role: DiagramRole;
  /** In the circle: "+", "matmul". Inputs have none. */
  readonly operation?: string;
  /** The lines in the box: what it is, its value or shape, its gradient. Empty ones are left out. */
  readonly name?: string;
  readonly value?: string;
  readonly gradient?: string;
  /** The numbers of the nodes that the operation takes. */
  readonly from: readonly number[];
}

/** A picture of more nodes cannot be read. */
const MOST_DRAWN = 150;

const FONT_SIZE = 12;
const LINE_HEIGHT = 16;
const PADDING = 8;
const CIRCLE = 24;
const STEM = 8;
const MARGIN = 6;

// Boxes bring their own paper, and lines are of a grey that reads on white and on black: the picture has no background.
const FILL: Record<DiagramRole, readonly [paper: string, border: string]> = {
  input: ["#dbeafe", "#5b8def"],
  parameter: ["#dcfce7", "#41a866"],
  between: ["#f3f4f6", "#9ca3af"],
  result: ["#fef3c7", "#d99a1c"],
};
const NAME = "#4b5563";
const VALUE = "#111111";
const GRADIENT = "#b91c1c";
const CIRCLE_FILL = "#4b5563";

/** The outputs of a graph; of one that is too large to read only the text. */
export async function diagramBundle(nodes: readonly DiagramNode[], text: string): Promise<MimeBundle> {
  if (nodes.length > MOST_DRAWN || nodes.length === 0) return { "text/plain": text };
  const { svgToPng } = await import("../io/rasterize.ts");
  const picture = svgToPng(diagramSvg(nodes), 2);
  return pngBundle(picture.png, picture, text);
}

interface Box {
  readonly width: number;
  readonly height: number;
  /** Width of the circle (an oval for long names) with the stem to the box. */
  readonly head: number;
  readonly lines: readonly (readonly [text: string, color: string])[];
}

function measure(node: DiagramNode): Box {
  const lines = [
    [node.name, NAME],
    [node.value, VALUE],
    [node.gradient, GRADIENT],
  ].filter((line): line is [string, string] => Boolean(line[0]));
  const text = Math.max(...lines.map(([line]) => textWidth(line, FONT_SIZE)), 12);
  const head =
    node.operation === undefined ? 0 : Math.max(CIRCLE, textWidth(node.operation, FONT_SIZE) + 14) + STEM;
  return {
    width: Math.ceil(head + text + 2 * PADDING),
    height: Math.max(CIRCLE, lines.length * LINE_HEIGHT + 8),
    head,
    lines,
  };
}

/** The picture as SVG, without background. */
export function diagramSvg(nodes: readonly DiagramNode[]): string {
  const boxes = nodes.map(measure);
  const layout = layOut(nodes.map(({ from }, i) => ({ ...boxes[i], from })));
  const parts: string[] = [];
  nodes.forEach((node, i) => {
    node.from.forEach((source, k) => {
      const twins = node.from.filter((other) => other === source).length;
      const twin = node.from.slice(0, k).filter((other) => other === source).length;
      const shift = twins === 1 ? 0 : (twin - (twins - 1) / 2) * 8;
      const start = layout.nodes[source];
      const end = layout.nodes[i];
      const path = [
        { x: start.x + boxes[source].width, y: start.y + shift },
        ...layout.bends[i][k].map(({ x, y }) => ({ x, y: y + shift })),
        { x: end.x - 2, y: end.y + shift },
      ];
      parts.push(arrow(path));
    });
  });
  nodes.forEach((node, i) => {
    parts.push(drawNode(node, boxes[i], layout.nodes[i]));
  });
  const [width, height] = [layout.width, layout.height].map((size) => Math.ceil(size + 2 * MARGIN));
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="${FONT_SIZE}">` +
    `<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">` +
    `<path d="M0 0.5 L8 4 L0 7.5 z" fill="${INK}"/></marker></defs>` +
    `<g transform="translate(${MARGIN} ${MARGIN})">${parts.join("")}</g></svg>`
  );
}

/** A curve through the points, level at each of them. */
function arrow(points: readonly Point[]): string {
  const [first, ...rest] = points;
  let path = `M${round(first.x)} ${round(first.y)}`;
  let before = first;
  for (const point of rest) {
    const middle = round((before.x + point.x) / 2);
    path += ` C${middle} ${round(before.y)} ${middle} ${round(point.y)} ${round(point.x)} ${round(point.y)}`;
    before = point;
  }
  return `<path d="${path}" fill="none" stroke="${INK}" stroke-width="1.4" marker-end="url(#tip)"/>`;
}

function drawNode(node: DiagramNode, { width, height, head, lines }: Box, { x, y }: Point): string {
  const parts: string[] = [];
  const [paper, border] = FILL[node.role];
  if (node.operation !== undefined) {
    const oval = head - STEM;
    parts.push(
      `<path d="M${round(x + oval)} ${round(y)} h${STEM}" stroke="${INK}" stroke-width="1.4"/>`,
      `<rect x="${round(x)}" y="${round(y - CIRCLE / 2)}" width="${round(oval)}" height="${CIRCLE}" rx="${CIRCLE / 2}" fill="${CIRCLE_FILL}"/>`,
      write(x + oval / 2, y + 4, node.operation, "#ffffff"),
    );
  }
  const left = x + head;
  parts.push(
    `<rect x="${round(left)}" y="${round(y - height / 2)}" width="${round(width - head)}" height="${height}" rx="4" fill="${paper}" stroke="${border}" stroke-width="1.2"/>`,
  );
  lines.forEach(([text, color], i) => {
    const baseline = y + (i - (lines.length - 1) / 2) * LINE_HEIGHT + 4;
    parts.push(write(left + (width - head) / 2, baseline, text, color));
  });
  return parts.join("");
}

function write(x: number, y: number, text: string, color: string): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="middle" fill="${color}">${escapeMarkup(text)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
