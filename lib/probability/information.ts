// Information measures of probabilities: of lists in double precision, of tensors along the last axis with gradients.
import { div, mul, sub, where } from "../ops/arithmetic.ts";
import { greater } from "../ops/compare.ts";
import { log } from "../ops/elementwise.ts";
import { toFloat } from "../ops/operand.ts";
import { checkProbabilities } from "../random/probabilities.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { tensor } from "../tensor/create.ts";
import { numbersOf } from "../tensor/lists.ts";
import { Tensor } from "../tensor/tensor.ts";

/** The probabilities of all states: a list, or a tensor `[…, states]`. */
export type Probabilities = Tensor | readonly number[] | Float64Array | Float32Array;

/** A tensor when one of the arguments is one, else a number. */
export type Measure<P, Q = number> = P extends Tensor ? Tensor : Q extends Tensor ? Tensor : number;

/** Options of information measures. */
export interface InformationOptions {
  /** The base of the logarithm: 2 for bits; by default e, for nats. */
  base?: number;
}

/**
 * The entropy −Σ p·log p: how much one learns on average from a draw. Lists give a number, tensors `[…, states]` a tensor
 * `[…]` through which gradients flow.
 *
 * @throws RangeError when a number is no probability or they do not sum to 1.
 * @example
 * entropy([0.5, 0.5], { base: 2 }) // → 1
 * entropy([0.36, 0.48, 0.16]).toFixed(7) // → '1.0133127'
 */
export function entropy<P extends Probabilities>(p: P, options: InformationOptions = {}): Measure<P> {
  return measure("entropy", p, p, options, {
    term: (a) => -a * Math.log(a),
    // Where p is 0, log 1 stands for what the 0 in front of it removes.
    terms: (a) => mul(a, log(where(greater(a, 0), a, 1))).neg(),
  }) as Measure<P>;
}

/**
 * The cross-entropy −Σ p·log q: the entropy of p plus what it costs to expect q instead. Infinite where q is 0 and p is not.
 *
 * @throws RangeError when a number is no probability, a row does not sum to 1, or there are not as many states in q as in p.
 * @example
 * crossEntropy([0.36, 0.48, 0.16], [1 / 3, 1 / 3, 1 / 3]).toFixed(7) // → '1.0986123'
 */
export function crossEntropy<P extends Probabilities, Q extends Probabilities>(
  p: P,
  q: Q,
  options: InformationOptions = {},
): Measure<P, Q> {
  return measure("crossEntropy", p, q, options, {
    term: (a, b) => -a * Math.log(b),
    terms: (a, b) => mul(a, log(where(greater(a, 0), b, 1))).neg(),
  }) as Measure<P, Q>;
}

/**
 * The Kullback–Leibler divergence Σ p·log(p / q): 0 if and only if p = q, never negative, not symmetric. Infinite where
 * q is 0 and p is not.
 *
 * @throws RangeError when a number is no probability, a row does not sum to 1, or there are not as many states in q as in p.
 * @example
 * klDivergence([0.36, 0.48, 0.16], [1 / 3, 1 / 3, 1 / 3]).toFixed(7) // → '0.0852996'
 * klDivergence([1 / 3, 1 / 3, 1 / 3], [0.36, 0.48, 0.16]).toFixed(7) // → '0.0974550'
 */
export function klDivergence<P extends Probabilities, Q extends Probabilities>(
  p: P,
  q: Q,
  options: InformationOptions = {},
): Measure<P, Q> {
  return measure("klDivergence", p, q, options, {
    term: (a, b) => a * Math.log(a / b),
    terms: (a, b) => {
      const possible = greater(a, 0);
      return mul(a, sub(log(where(possible, a, 1)), log(where(possible, b, 1))));
    },
  }) as Measure<P, Q>;
}

/**
 * The Jensen–Shannon divergence: the mean of the divergences of p and q from their mixture (p + q) / 2. Symmetric and at
 * most log 2.
 *
 * @throws RangeError when a number is no probability, a row does not sum to 1, or there are not as many states in q as in p.
 * @example
 * jensenShannonDivergence([1, 0], [0, 1], { base: 2 }) // → 1
 */
export function jensenShannonDivergence<P extends Probabilities, Q extends Probabilities>(
  p: P,
  q: Q,
  options: InformationOptions = {},
): Measure<P, Q> {
  const half = (a: number, middle: number): number => (a === 0 ? 0 : (a / 2) * Math.log(a / middle));
  return measure("jensenShannonDivergence", p, q, options, {
    term: (a, b) => half(a, (a + b) / 2) + half(b, (a + b) / 2),
    terms: (a, b) => {
      const logMiddle = log(where(greater(a.add(b), 0), div(a.add(b), 2), 1));
      const part = (x: Tensor): Tensor => mul(div(x, 2), sub(log(where(greater(x, 0), x, 1)), logMiddle));
      return part(a).add(part(b));
    },
    both: true,
  }) as Measure<P, Q>;
}

/** How a measure is added up: over numbers, and over tensors. */
interface Terms {
  term(p: number, q: number): number;
  terms(p: Tensor, q: Tensor): Tensor;
  /** Whether states with p = 0 count too. */
  both?: boolean;
}

function measure(
  caller: string,
  p: Probabilities,
  q: Probabilities,
  options: InformationOptions,
  { term, terms, both = false }: Terms,
): number | Tensor {
  checkOptions(caller, options, "{ base: 2 }");
  const { base = Math.E } = options;
  if (!(base > 0 && base !== 1))
    throw new RangeError(`${caller}: base must be above 0 and not 1, got ${base}`);
  const unit = base === Math.E ? 1 : Math.log(base);
  for (const given of [p, q]) {
    checkProbabilities(caller, numbersOf(caller, "probabilities", given), statesOf(given));
  }
  const [statesP, statesQ] = [statesOf(p), statesOf(q)];
  if (statesP !== statesQ) {
    throw new RangeError(
      `${caller}: both have probabilities of the same states, got ${statesP} and ${statesQ}`,
    );
  }
  if (p instanceof Tensor || q instanceof Tensor) {
    const sum = terms(asTensor(p, q), asTensor(q, p)).sum(-1);
    return unit === 1 ? sum : div(sum, unit);
  }
  let sum = 0;
  for (let i = 0; i < p.length; i++) if (both || p[i] !== 0) sum += term(p[i]!, q[i]!);
  return sum / unit;
}

function statesOf(p: Probabilities): number {
  return p instanceof Tensor ? (p.shape.at(-1) ?? 0) : p.length;
}

/** A list becomes a tensor of the type of its partner, so that it costs no digits. */
function asTensor(p: Probabilities, partner: Probabilities): Tensor {
  if (p instanceof Tensor) return toFloat(p);
  const isDouble = partner instanceof Tensor && partner.dtype === "float64";
  return tensor(Array.from(p), { dtype: isDouble ? "float64" : "float32" });
}
