// Numeric integration: of sampled heights, and of functions.
import { checkFunction } from "../tensor/arguments.ts";
import { numbersOf } from "../tensor/lists.ts";
import { describe, formatShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";

/** Sampled heights, or their positions: a list or a vector. */
export type Samples = ArrayLike<number> | Tensor;

/** Positions of the heights, or the distance between any two neighbours. */
export type Positions = Samples | number;

/**
 * The area under heights joined by straight lines. It is a plain number, so no gradient flows through it.
 *
 * @param x positions of the heights, or their distance (1)
 * @throws RangeError when there are not as many positions as heights.
 * @example
 * trapezoid([0, 1, 4]) // → 3
 * trapezoid([0, 1, 4], [0, 1, 3]) // → 5.5
 * trapezoid(linspace(0, 2, 5).square(), 0.5) // → 2.75
 */
export function trapezoid(heights: Samples, x: Positions = 1): number {
  const y = vectorOf("trapezoid", "heights", heights);
  const width = widths("trapezoid", y, x);
  let sum = 0;
  for (let i = 0; i + 1 < y.length; i++) sum += (width(i) * (y[i]! + y[i + 1]!)) / 2;
  return sum;
}

/**
 * The area under heights by Simpson's rule: parabolas through three neighbours, exact for polynomials up to the third
 * degree at equal distances. With an even number of heights the last interval takes the parabola before it (Cartwright,
 * 2017), as in SciPy. It is a plain number, so no gradient flows through it.
 *
 * @param x positions of the heights, or their distance (1)
 * @throws RangeError when there are not as many positions as heights.
 * @example
 * simpson([0, 1, 4, 9, 16]).toFixed(10) // → '21.3333333333'
 */
export function simpson(heights: Samples, x: Positions = 1): number {
  const y = vectorOf("simpson", "heights", heights);
  const width = widths("simpson", y, x);
  const intervals = y.length - 1;
  if (intervals < 2) return trapezoid(y, x);
  let sum = 0;
  for (let i = 0; i + 1 < intervals; i += 2) {
    const [a, b] = [width(i), width(i + 1)];
    const middle = ((a + b) * (a + b)) / (a * b);
    sum += ((a + b) / 6) * ((2 - b / a) * y[i]! + middle * y[i + 1]! + (2 - a / b) * y[i + 2]!);
  }
  if (intervals % 2 === 0) return sum;
  const [a, b] = [width(intervals - 2), width(intervals - 1)];
  const [first, second, last] = [y[intervals - 2]!, y[intervals - 1]!, y[intervals]!];
  return (
    sum +
    (last * b * (2 * b + 3 * a)) / (6 * (a + b)) +
    (second * b * (b + 3 * a)) / (6 * a) -
    (first * b ** 3) / (6 * a * (a + b))
  );
}

/** The numbers of a list or a vector; of a tensor with more axes it is not clear along which to integrate. */
function vectorOf(caller: string, what: string, samples: Samples): Float64Array {
  if (samples instanceof Tensor && samples.rank !== 1) {
    throw new Error(
      `${caller}: needs a vector of numbers, got ${formatShape(samples.shape)} — one row at a time`,
    );
  }
  return numbersOf(caller, what, samples);
}

function widths(caller: string, y: Float64Array, positions: Positions): (interval: number) => number {
  if (typeof positions === "number") return () => positions;
  const x = vectorOf(caller, "positions", positions);
  if (x.length !== y.length) throw new RangeError(`${caller}: ${x.length} positions for ${y.length} heights`);
  return (i) => x[i + 1]! - x[i]!;
}

/** How often an interval is halved at most: where a function jumps, there is no end to it. */
const DEEPEST = 50;

/**
 * ∫ f(x) dx from low to high, either of which may be infinite: Simpson's rule, with intervals halved until halving changes
 * the sum by less than `tolerance` (1e-10) of the whole. Peaks narrower than 1/32 of the interval need one of their own.
 *
 * @throws RangeError when f is not finite within the interval, or the area under it is not.
 * @example
 * integrate((x) => Math.exp(-x * x), -Infinity, Infinity).toFixed(8) // → '1.77245385'
 */
export function integrate(
  f: (x: number) => number,
  low: number,
  high: number,
  { tolerance = 1e-10 }: { tolerance?: number } = {},
): number {
  checkFunction("integrate", f, "(x) => x ** 2");
  if (![low, high].every((limit) => typeof limit === "number" && !Number.isNaN(limit))) {
    throw new RangeError(`integrate: the limits must be numbers, got ${describe(low)} and ${describe(high)}`);
  }
  if (low > high) return -integrate(f, high, low, { tolerance });
  if (low === high) return 0;
  if (Number.isFinite(low) && Number.isFinite(high)) return adaptive(f, low, high, tolerance);
  // All numbers as t / (1 − t²) with t in (−1, 1), or a half of them as a + t / (1 − t) with t in [0, 1).
  if (Number.isFinite(low)) {
    return adaptive((t) => (t === 1 ? 0 : f(low + t / (1 - t)) / (1 - t) ** 2), 0, 1, tolerance);
  }
  if (Number.isFinite(high)) return integrate((x) => f(-x), -high, Number.POSITIVE_INFINITY, { tolerance });
  return adaptive(
    (t) => (Math.abs(t) === 1 ? 0 : (f(t / (1 - t * t)) * (1 + t * t)) / (1 - t * t) ** 2),
    -1,
    1,
    tolerance,
  );
}

const PIECES = 32;

/** How often f is evaluated at most: usual functions take some thousand. */
const MOST_EVALUATIONS = 500_000;

/** What the sums of an interval owe to rounding, as a part of them. */
const ROUNDING = 1e-14;

/** What an interval that cannot be halved any more may still hold, as a part of the whole. */
const LEFT_OVER = 1e-6;

function adaptive(f: (x: number) => number, low: number, high: number, tolerance: number): number {
  let evaluations = 0;
  const at = (x: number): number => {
    if (++evaluations > MOST_EVALUATIONS) throw endless();
    const value = f(x);
    if (Number.isFinite(value)) return value;
    throw new RangeError(`integrate: the function is ${describe(value)} within the interval, at ${x}`);
  };
  const rule = (width: number, a: number, m: number, b: number): number => (width / 6) * (a + 4 * m + b);
  const points = Array.from({ length: 2 * PIECES + 1 }, (_, i) => low + ((high - low) * i) / (2 * PIECES));
  const values = points.map(at);
  const width = (high - low) / PIECES;
  const pieces = Array.from({ length: PIECES }, (_, i) =>
    rule(width, values[2 * i]!, values[2 * i + 1]!, values[2 * i + 2]!),
  );
  let size = absoluteSum(pieces) || 1;
  const refine = (
    from: number,
    to: number,
    [a, m, b]: readonly [number, number, number],
    whole: number,
    allowed: number,
    depth: number,
  ): number => {
    const middle = (from + to) / 2;
    if (depth === 0 || middle <= from || middle >= to) {
      // Beside a jump nothing is left by now; where the area is infinite, each half has held as much as the whole.
      if (Math.abs(whole) <= LEFT_OVER * size) return whole;
      throw endless();
    }
    const [l, r] = [at((from + middle) / 2), at((middle + to) / 2)];
    const left = rule(middle - from, a, l, m);
    const right = rule(to - middle, m, r, b);
    const change = left + right - whole;
    // Halving leaves about a fifteenth of the change as error, which is subtracted. Below the rounding there is nothing to gain.
    const rounding = ROUNDING * (Math.abs(left) + Math.abs(right));
    if (Math.abs(change) <= Math.max(15 * allowed, rounding)) return left + right + change / 15;
    return (
      refine(from, middle, [a, l, m], left, allowed / 2, depth - 1) +
      refine(middle, to, [m, r, b], right, allowed / 2, depth - 1)
    );
  };
  for (;;) {
    const refined = pieces.map((piece, i) =>
      refine(
        points[2 * i]!,
        points[2 * i + 2]!,
        [values[2 * i]!, values[2 * i + 1]!, values[2 * i + 2]!],
        piece,
        (tolerance * size) / PIECES,
        DEEPEST,
      ),
    );
    const found = absoluteSum(refined);
    // A peak among the first points makes the whole look larger than it is, and the tolerance with it.
    if (found === 0 || found >= size / 100) return refined.reduce((sum, piece) => sum + piece, 0);
    size = found;
  }
}

function absoluteSum(parts: readonly number[]): number {
  return parts.reduce((sum, part) => sum + Math.abs(part), 0);
}

function endless(): RangeError {
  return new RangeError(
    "integrate: does not converge — the area is infinite, or the function too rough for Simpson's rule",
  );
}
