// The SVG that Vega writes, made smaller: no more digits and points than can be seen, and nothing that is not drawn.
import { tenth } from "./drawing.ts";

/** How far a simplified curve may be from the points it leaves out, in pixels. */
const TOLERANCE = 0.08;

/** The same picture in fewer bytes; words for screen readers belong to charts that stand alone. */
export function tidySvg(svg: string): string {
  return svg
    .replace(
      /<path class="(?:background|foreground)" d="[^"]*"(?: pointer-events="none"| display="none")*\/>/g,
      "",
    )
    .replace(/ (?:role|class|pointer-events|aria-[a-z]+)="[^"]*"/g, "")
    .replace(/ opacity="1"/g, "")
    .replace(/ d="(M[-\d.e,MLZ]+)"/g, (_, path: string) => ` d="${simplified(path)}"`)
    .replace(/ (?:d|transform)="[^"]*"/g, (places) =>
      places.replace(/-?\d+\.\d+(?:e-?\d+)?/g, (digits) => String(tenth(Number(digits)))),
    );
}

/** Straight lines without the points that lie on the way (Douglas and Peucker 1973). */
function simplified(path: string): string {
  return path
    .split(/(?=M)/)
    .map((piece) => {
      const isClosed = piece.endsWith("Z");
      const places = (isClosed ? piece.slice(1, -1) : piece.slice(1)).split("L");
      const points = places.map((place) => place.split(",").map(Number));
      const kept = keptPoints(points).map((i) => points[i].map(tenth).join(","));
      return `M${kept.join("L")}${isClosed ? "Z" : ""}`;
    })
    .join("");
}

/** The numbers of the points that are needed, in order. */
function keptPoints(points: readonly (readonly number[])[]): number[] {
  const kept = new Set([0, points.length - 1]);
  const open: [number, number][] = [[0, points.length - 1]];
  for (let span = open.pop(); span !== undefined; span = open.pop()) {
    const [first, last] = span;
    const [x, y] = points[first];
    const [dx, dy] = [points[last][0] - x, points[last][1] - y];
    const length = Math.hypot(dx, dy);
    let [farthest, most] = [0, TOLERANCE];
    for (let i = first + 1; i < last; i++) {
      const [px, py] = [points[i][0] - x, points[i][1] - y];
      const distance = length === 0 ? Math.hypot(px, py) : Math.abs(px * dy - py * dx) / length;
      if (distance > most) [farthest, most] = [i, distance];
    }
    if (farthest === 0) continue;
    kept.add(farthest);
    open.push([first, farthest], [farthest, last]);
  }
  return [...kept].sort((a, b) => a - b);
}
