// Divergences in closed form, and the likelihood of observations. Numbers give numbers; tensors tensors, with gradients.
import { mul, pow, sub, where } from "../ops/arithmetic.ts";
import { cast } from "../ops/cast.ts";
import { equal, greater } from "../ops/compare.ts";
import { log } from "../ops/elementwise.ts";
import { commonShape } from "../ops/operand.ts";
import { sum } from "../ops/reduce.ts";
import { prod } from "../ops/statistics.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { tensor } from "../tensor/create.ts";
import { numbersOf } from "../tensor/lists.ts";
import { broadcastShapes, describe } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import type { Measure } from "./information.ts";

/** Mean and standard deviation of a normal distribution; tensors stand for many of them. */
export interface NormalParameters {
  mean: number | Tensor;
  std: number | Tensor;
}

/**
 * The Kullback–Leibler divergence of two normal distributions, by default from the standard one:
 * log(σ₂ / σ₁) + (σ₁² + (μ₁ − μ₂)²) / (2σ₂²) − ½. With tensors element by element, as the loss of a variational
 * autoencoder needs it (Kingma and Welling, 2014).
 *
 * @throws RangeError when a mean given as a number is not finite, or a standard deviation not above 0.
 * @example
 * normalKl({ mean: 1, std: 1 }) // → 0.5
 * normalKl({ mean: tensor([0, 1]), std: tensor([1, 1]) }) // → tensor([0.0, 0.5])
 */
export function normalKl(p: { mean: number; std: number }, q?: { mean: number; std: number }): number;
export function normalKl(p: NormalParameters, q?: NormalParameters): Tensor;
export function normalKl(p: NormalParameters, q: NormalParameters = { mean: 0, std: 1 }): number | Tensor {
  for (const parameters of [p, q]) {
    checkOptions("normalKl", parameters, "{ mean: 0, std: 1 }");
    checkNumbers("normalKl", parameters.mean, "mean must be a finite number", Number.isFinite);
    checkNumbers("normalKl", parameters.std, "std must be above 0", (std) => std > 0);
  }
  if (allNumbers(p.mean, p.std, q.mean, q.std)) {
    const [m1, s1, m2, s2] = [p.mean, p.std, q.mean, q.std] as [number, number, number, number];
    const ratio = s1 / s2;
    return (ratio * ratio + ((m1 - m2) / s2) ** 2 - 1) / 2 - Math.log(ratio);
  }
  commonShape("normalKl", p.mean, p.std, q.mean, q.std);
  const [std, mean] = tensorsOf([p.std, p.mean, q.std, q.mean]) as [Tensor, Tensor];
  const ratio = std.div(q.std);
  const distance = mean.sub(q.mean).div(q.std);
  return ratio.square().add(distance.square()).sub(1).div(2).sub(ratio.log());
}

/**
 * The Kullback–Leibler divergence of two Bernoulli distributions, p·log(p / q) + (1 − p)·log((1 − p) / (1 − q)): the
 * penalty of a sparse autoencoder, with p the activity wanted and q the mean activity of a unit.
 *
 * @throws RangeError when a number is no probability.
 * @example
 * bernoulliKl(0.5, 0.5) // → 0
 * bernoulliKl(0.05, tensor([0.05, 0.5])).toArray().map((v) => v.toFixed(4)) // → [ '0.0000', '0.4946' ]
 */
export function bernoulliKl(p: number, q: number): number;
export function bernoulliKl(p: number | Tensor, q: number | Tensor): Tensor;
export function bernoulliKl(p: number | Tensor, q: number | Tensor): number | Tensor {
  for (const share of [p, q]) {
    checkNumbers("bernoulliKl", share, "a probability must be in [0, 1]", (v) => v >= 0 && v <= 1);
  }
  if (allNumbers(p, q)) {
    const part = (a: number, b: number): number => (a === 0 ? 0 : a * Math.log(a / b));
    return part(p as number, q as number) + part(1 - (p as number), 1 - (q as number));
  }
  commonShape("bernoulliKl", p, q);
  const [a, b] = tensorsOf([p, q]) as [Tensor, Tensor];
  const part = (x: Tensor, y: Tensor): Tensor => {
    const possible = greater(x, 0);
    return x.mul(log(where(possible, x, 1)).sub(log(where(possible, y, 1))));
  };
  return part(a, b).add(part(sub(1, a), sub(1, b)));
}

/** Observed counts or a one-hot class, and probabilities: a list, or a tensor `[…, classes]`. */
type PerClass = Tensor | ArrayLike<number>;

/**
 * The likelihood Π p^y of observed counts, or of a one-hot class, under the probabilities of the classes (0⁰ = 1). Lists
 * give a number, tensors `[…, classes]` a tensor `[…]` through which gradients flow.
 *
 * @throws RangeError when there is not one count for each class, or a probability is none.
 * @example
 * likelihood([1, 0, 0, 0], [0.96, 0.29, 0.02, 0]) // → 0.96
 * likelihood(oneHot([0, 1], 2), tensor([[0.75, 0.25], [0.5, 0.5]])) // → tensor([0.75, 0.50])
 */
export function likelihood<Y extends PerClass, P extends PerClass>(
  observed: Y,
  probabilities: P,
): Measure<Y, P> {
  checkClasses("likelihood", observed, probabilities);
  return perClass(
    observed,
    probabilities,
    (y, p) => y.reduce((product, count, i) => product * p[i]! ** count, 1),
    (y, p) => prod(pow(p, y), -1),
  ) as Measure<Y, P>;
}

/**
 * The logarithm of the likelihood, Σ y·log p, where classes that were not observed count nothing. Its negative is the
 * cross-entropy of a one-hot class. Lists give a number, tensors `[…, classes]` a tensor `[…]`.
 *
 * @throws RangeError when there is not one count for each class, or a probability is none.
 * @example
 * logLikelihood([1, 0, 0, 0], [0.96, 0.29, 0.02, 0]).toFixed(7) // → '-0.0408220'
 * logLikelihood([1, 0, 0, 0], [0.96, 0.29, 0.02, 0], { base: 2 }).toFixed(7) // → '-0.0588937'
 */
export function logLikelihood<Y extends PerClass, P extends PerClass>(
  observed: Y,
  probabilities: P,
  options: { base?: number } = {},
): Measure<Y, P> {
  checkOptions("logLikelihood", options, "{ base: 2 }");
  const { base = Math.E } = options;
  checkClasses("logLikelihood", observed, probabilities);
  const unit = base === Math.E ? 1 : Math.log(base);
  return perClass(
    observed,
    probabilities,
    (y, p) => y.reduce((sum, count, i) => sum + (count === 0 ? 0 : count * Math.log(p[i]!)), 0) / unit,
    (y, p) => sum(mul(y, log(where(equal(y, 0), 1, p))), -1).div(unit),
  ) as Measure<Y, P>;
}

/** One way for lists, one for tensors, and for a tensor and a list. */
function perClass(
  observed: PerClass,
  probabilities: PerClass,
  ofLists: (y: number[], p: ArrayLike<number>) => number,
  ofTensors: (y: Tensor, p: Tensor) => Tensor,
): number | Tensor {
  if (!(observed instanceof Tensor) && !(probabilities instanceof Tensor)) {
    return ofLists(Array.from(observed), probabilities);
  }
  const both = [observed, probabilities].map((x) => (x instanceof Tensor ? x : Array.from(x)));
  const [y, p] = tensorsOf(both) as [Tensor, Tensor];
  return ofTensors(y, p);
}

function checkClasses(caller: string, observed: PerClass, probabilities: PerClass): void {
  numbersOf(caller, "observations", observed);
  const p = numbersOf(caller, "probabilities", probabilities);
  const wrong = p.findIndex((value) => !(value >= 0 && value <= 1));
  if (wrong >= 0) {
    throw new RangeError(`${caller}: probability ${p[wrong]} at position ${wrong} is not in [0, 1]`);
  }
  const shapes = [observed, probabilities].map((x) => (x instanceof Tensor ? x.shape : [x.length]));
  const [counts, classes] = shapes.map((shape) => shape.at(-1));
  if (counts !== classes) {
    throw new RangeError(
      `${caller}: one number of observations per class — got ${counts} for ${classes} probabilities`,
    );
  }
  broadcastShapes(caller, shapes[0]!, shapes[1]!);
}

function checkNumbers(
  caller: string,
  value: number | Tensor,
  expected: string,
  holds: (value: number) => boolean,
): void {
  if (value instanceof Tensor || (typeof value === "number" && holds(value))) return;
  throw new RangeError(`${caller}: ${expected}, got ${describe(value)}`);
}

function allNumbers(...values: (number | Tensor)[]): boolean {
  return values.every((value) => typeof value === "number");
}

/** All as tensors of the floating type that the tensors among them have: plain numbers lose no digits beside float64. */
function tensorsOf(values: readonly (number | number[] | Tensor)[]): Tensor[] {
  const dtype = values.some((x) => x instanceof Tensor && x.dtype === "float64") ? "float64" : "float32";
  return values.map((x) => (x instanceof Tensor ? cast(x, dtype) : tensor(x, { dtype })));
}
