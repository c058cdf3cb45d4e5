// plot.density: probability densities as filled curves.
import type { Displayable } from "./bundle.ts";
import { curveChart, type LineOptions } from "./line.ts";
import type { Values } from "./values.ts";
import { checkOptions } from "./values.ts";

/** Whatever has a density: a distribution, the kernel density of a sample, a function. */
export type DensitySource = { pdf(x: number): number } | ((x: number) => number);

export interface DensityOptions extends Omit<LineOptions, "y" | "series" | "x" | "step"> {
  /** One density. */
  density?: DensitySource;
  /** Several densities by name. */
  series?: { readonly [name: string]: DensitySource };
  /** Where the densities are computed: the ends of the x axis. Needed unless all are distributions that know their quantiles. */
  xRange?: readonly [number, number];
}

const POINTS = 201;
/** The part of a distribution that is shown when no range is given lies between these quantiles. */
const TAIL = 0.0005;

/**
 * Draws one density or several, with rules (thresholds) and shaded parts (errors).
 *
 * @throws TypeError when there is nothing to draw, or the range cannot be known
 * @example
 * const [healthy, sick] = [distributions.normal(), distributions.normal({ mean: 2 })];
 * plot.density({ series: { healthy, sick }, rules: [{ x: 1, label: "threshold" }], shade: { series: "healthy", from: 1, label: "false positives" } })
 */
export function density(given: DensityOptions): Displayable {
  checkOptions("plot.density", given, "{ density: distributions.normal() }");
  const { density: single, series, ...options } = given;
  if ((single === undefined) === (series === undefined))
    throw new TypeError(
      "plot.density: give either density (a distribution or a function) or series ({ name: density, … })",
    );
  const entries = Object.entries(series ?? { "": single as DensitySource });
  if (entries.length === 0) throw new TypeError("plot.density: series is empty");
  const functions = entries.map(([name, source]) => [name, readDensity(name, source)] as const);
  const [low, high] = options.xRange ?? spanOf(entries.map(([, source]) => source));
  const x = Array.from({ length: POINTS }, (_, i) => low + ((high - low) * i) / (POINTS - 1));
  const curves = functions.map(([name, pdf]) => [name, x.map(pdf)] as const);
  const data: { y?: Values; series?: Record<string, Values> } = series
    ? { series: Object.fromEntries(curves) }
    : { y: curves[0][1] };
  return curveChart(
    "plot.density",
    "densities",
    { yLabel: "density", ...options, ...data, x },
    { isFilled: true },
  );
}

function readDensity(name: string, source: DensitySource): (x: number) => number {
  if (typeof source === "function" && !("pdf" in source)) return source;
  if (typeof source === "object" && source !== null && "pdf" in source) return (x) => source.pdf(x);
  const hint =
    Array.isArray(source) || ArrayBuffer.isView(source) ? " — of a sample take kernelDensity(sample)" : "";
  throw new TypeError(
    `plot.density: ${name || "density"} is neither a distribution nor a function of x${hint}`,
  );
}

/** From the smallest to the largest quantile of the distributions. */
function spanOf(sources: readonly DensitySource[]): [number, number] {
  const ends = sources.map((source) => {
    const quantile = (source as { quantile?: unknown }).quantile;
    if (typeof quantile !== "function")
      throw new TypeError(
        "plot.density: say from where to where: { xRange: [-4, 4] } (only distributions know it themselves)",
      );
    return [TAIL, 1 - TAIL].map((share) => Number(quantile.call(source, share)));
  });
  return [Math.min(...ends.map(([low]) => low)), Math.max(...ends.map(([, high]) => high))];
}
