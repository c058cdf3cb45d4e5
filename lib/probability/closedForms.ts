// Divergences in closed form, and the likelihood of observations. Numbers give numbers; tensors tensors, with gradients.
import { tensor } from "../tensor/create.ts";
import { Tensor } from "../tensor/tensor.ts";

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
 * @throws RangeError when a standard deviation given as a number is not above 0.
 * @example
 * normalKl({ mean: 1, std: 1 }) // → 0.5
 * normalKl({ mean: tensor([0, 1]), std: tensor([1, 1]) }) // → tensor([0.0, 0.5])
 */
export function normalKl(p: { mean: number; std: number }, q?: { mean: number; std: number }): number;
export function normalKl(p: NormalParameters, q?: NormalParameters): Tensor;
export function normalKl(p: NormalParameters, q: NormalParameters = { mean: 0, std: 1 }): number | Tensor {
  for (const { std } of [p, q]) {
    if (typeof std === "number" && !(std > 0))
      throw new RangeError(`normalKl: std must be above 0, got ${std}`);
  }
  if (allNumbers(p.mean, p.std, q.mean, q.std)) {
    const [m1, s1, m2, s2] = [p.mean, p.std, q.mean, q.std] as [number, number, number, number];
    const ratio = s1 / s2;
    return (ratio * ratio + ((m1 - m2) / s2) ** 2 - 1) / 2 - Math.log(ratio);
  }
  const ratio = asTensor(p.std).div(q.std);
  const distance = asTensor(p.mean).sub(q.mean).div(q.std);
  return ratio.square().add(distance.square()).sub(1).div(2).sub(ratio.log());
}

/**
 * The Kullback–Leibler divergence of two Bernoulli distributions, p·log(p / q) + (1 − p)·log((1 − p) / (1 − q)): the
 * penalty of a sparse autoencoder, with p the activity wanted and q the mean activity of a unit.
 *
 * @example
 * bernoulliKl(0.5, 0.5) // → 0
 * bernoulliKl(0.05, tensor([0.05, 0.5])).toArray().map((v) => v.toFixed(4)) // → [ '0.0000', '0.4946' ]
 */
export function bernoulliKl(p: number, q: number): number;
export function bernoulliKl(p: number | Tensor, q: number | Tensor): Tensor;
export function bernoulliKl(p: number | Tensor, q: number | Tensor): number | Tensor {
  if (allNumbers(p, q)) {
    const part = (a: number, b: number): number => (a === 0 ? 0 : a * Math.log(a / b));
    return part(p as number, q as number) + part(1 - (p as number), 1 - (q as number));
  }
  const [a, b] = [asTensor(p), asTensor(q)];
  const part = (x: Tensor, y: Tensor): Tensor => x.mul(x.div(y).log());
  return part(a, b).add(part(a.neg().add(1), b.neg().add(1)));
}

/**
 * The likelihood Π p^y of observed counts, or of a one-hot class, under the probabilities of the classes (0⁰ = 1).
 *
 * @example
 * likelihood([1, 0, 0, 0], [0.96, 0.29, 0.02, 0]) // → 0.96
 */
export function likelihood(observed: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  checkLengths("likelihood", observed, probabilities);
  return Array.from(observed).reduce((product, y, i) => product * probabilities[i]! ** y, 1);
}

/**
 * The logarithm of the likelihood, Σ y·log p, where classes that were not observed count nothing. Its negative is the
 * cross-entropy of a one-hot class.
 *
 * @example
 * logLikelihood([1, 0, 0, 0], [0.96, 0.29, 0.02, 0]).toFixed(7) // → '-0.0408220'
 * logLikelihood([1, 0, 0, 0], [0.96, 0.29, 0.02, 0], { base: 2 }).toFixed(7) // → '-0.0588937'
 */
export function logLikelihood(
  observed: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  { base = Math.E }: { base?: number } = {},
): number {
  checkLengths("logLikelihood", observed, probabilities);
  const sum = Array.from(observed).reduce(
    (total, y, i) => total + (y === 0 ? 0 : y * Math.log(probabilities[i]!)),
    0,
  );
  return base === Math.E ? sum : sum / Math.log(base);
}

function checkLengths(caller: string, observed: ArrayLike<number>, probabilities: ArrayLike<number>): void {
  if (observed.length === probabilities.length) return;
  throw new RangeError(
    `${caller}: one number of observations per class — got ${observed.length} for ${probabilities.length} probabilities`,
  );
}

function allNumbers(...values: (number | Tensor)[]): boolean {
  return values.every((value) => typeof value === "number");
}

function asTensor(value: number | Tensor): Tensor {
  return value instanceof Tensor ? value : tensor(value);
}
