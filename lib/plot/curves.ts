// Small curves as SVG, quick enough to be drawn while a model trains, in greys and colours that read on white and on black.
import { escapeMarkup } from "./bundle.ts";
import { CATEGORY } from "./color.ts";
import { shortNumber } from "./number.ts";
import { textWidth } from "./text.ts";
import { INK } from "./theme.ts";

export interface SmallCurve {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Drawn thin and pale, behind the others. */
  readonly isFaint?: boolean;
}

export interface SmallPanel {
  readonly title: string;
  readonly curves: readonly SmallCurve[];
  /** The ends of the x axis. */
  readonly x: readonly [number, number];
}

const PANEL = { width: 300, height: 150 };
const PLOT = { left: 44, right: 10, top: 24, bottom: 20 };

/** Panels side by side; the size is that of the SVG. */
export function smallCurves(panels: readonly SmallPanel[]): { svg: string; width: number; height: number } {
  const width = panels.length * PANEL.width;
  const { height } = PANEL;
  const content = panels.map(
    (panel, i) => `<g transform="translate(${i * PANEL.width} 0)">${drawPanel(panel)}</g>`,
  );
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family="sans-serif" font-size="10" fill="${INK}">${content.join("")}</svg>`;
  return { svg, width, height };
}

function drawPanel({ title, curves, x }: SmallPanel): string {
  const heights = curves.flatMap((curve) => curve.points.map((point) => point[1])).filter(Number.isFinite);
  const ticks = niceTicks(heights);
  const [low, high] = [ticks[0], ticks[ticks.length - 1]];
  const right = PANEL.width - PLOT.right;
  const bottom = PANEL.height - PLOT.bottom;
  const across = (value: number): number =>
    PLOT.left + ((value - x[0]) / (x[1] - x[0] || 1)) * (right - PLOT.left);
  const up = (value: number): number => bottom - ((value - low) / (high - low || 1)) * (bottom - PLOT.top);

  const grid = ticks.map(
    (tick) =>
      `<path d="M${PLOT.left} ${round(up(tick))}H${right}" stroke="${INK}" stroke-opacity="0.3"/>` +
      `<text x="${PLOT.left - 5}" y="${round(up(tick) + 3)}" text-anchor="end">${shortNumber(tick)}</text>`,
  );
  const ends = `<text x="${PLOT.left}" y="${bottom + 14}">${x[0]}</text><text x="${right}" y="${bottom + 14}" text-anchor="end">${x[1]}</text>`;
  const named = curves.filter((curve) => !curve.isFaint);
  const lines = curves.map((curve) =>
    drawCurve(curve, CATEGORY[Math.max(0, named.indexOf(curve))], across, up),
  );
  let at = PLOT.left + textWidth(title, 12) + 14;
  const legend =
    named.length < 2
      ? []
      : named.map((curve, i) => {
          const entry =
            `<path d="M${round(at)} 11h12" stroke="${CATEGORY[i]}" stroke-width="2"/>` +
            `<text x="${round(at + 16)}" y="14">${escapeMarkup(curve.name)}</text>`;
          at += 16 + textWidth(curve.name, 10) + 12;
          return entry;
        });
  return `<text x="${PLOT.left}" y="14" font-size="12">${escapeMarkup(title)}</text>${[...legend, ...grid, ends, ...lines].join("")}`;
}

function drawCurve(
  { points, isFaint }: SmallCurve,
  color: string,
  across: (value: number) => number,
  up: (value: number) => number,
): string {
  const finite = points.filter((point) => Number.isFinite(point[1]));
  if (finite.length === 0) return "";
  const places = finite.map(([x, y]) => `${round(across(x))} ${round(up(y))}`);
  const style = isFaint ? `stroke-width="1" stroke-opacity="0.6"` : `stroke-width="2"`;
  const path = `<path d="M${places.join("L")}" fill="none" stroke="${color}" stroke-linejoin="round" ${style}/>`;
  if (isFaint || finite.length > 30) return path;
  return path + places.map((place) => dot(place, color)).join("");
}

function dot(place: string, color: string): string {
  const [x, y] = place.split(" ");
  return `<circle cx="${x}" cy="${y}" r="2.5" fill="${color}"/>`;
}

/** About four round numbers that enclose all values. */
function niceTicks(values: readonly number[]): number[] {
  if (values.length === 0) return [0, 1];
  let [low, high] = [Math.min(...values), Math.max(...values)];
  if (low === high) [low, high] = [low - Math.abs(low) / 10 - 1e-3, high + Math.abs(high) / 10 + 1e-3];
  const rough = (high - low) / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.floor(low / step);
  const last = Math.ceil(high / step);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
