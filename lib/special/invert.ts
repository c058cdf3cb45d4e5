// Solving f(t) = 0 for an increasing function: how the inverses of distribution functions are found.

/**
 * The zero of an increasing function, by Newton's steps from `start` that never leave the interval known to hold it.
 * @param evaluate gives the function's value and derivative
 */
export function solveIncreasing(start: number, evaluate: (t: number) => readonly [number, number]): number {
  let low = Number.NEGATIVE_INFINITY;
  let high = Number.POSITIVE_INFINITY;
  let t = start;
  let reach = 1;
  for (let i = 0; i < 200; i++) {
    const [value, slope] = evaluate(t);
    if (value === 0) return t;
    if (value < 0) low = t;
    else high = t;
    let next = t - value / slope;
    if (!(next > low && next < high)) {
      // Bisection; where one end is still unknown, ever longer steps towards it.
      reach *= 2;
      next =
        low === Number.NEGATIVE_INFINITY
          ? high - reach
          : high === Number.POSITIVE_INFINITY
            ? low + reach
            : (low + high) / 2;
    }
    // Steps shrink quadratically: one this small leaves an error below rounding.
    if (Math.abs(next - t) <= 1e-10 * Math.abs(next) || next === low || next === high) return next;
    t = next;
  }
  return t;
}
