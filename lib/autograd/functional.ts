// Derivatives of functions: gradient, Jacobian and Hessian, and their products with vectors without making the matrix.
import { mul } from "../ops/arithmetic.ts";
import { stack } from "../ops/join.ts";
import { sum } from "../ops/reduce.ts";
import { reshape } from "../ops/shape.ts";
import { checkFunction } from "../tensor/arguments.ts";
import { zeros } from "../tensor/create.ts";
import { isFloating } from "../tensor/dtype.ts";
import { describe, formatShape, sameShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { pullBack } from "./backward.ts";
import { attach, give, mode, needs, type Rule, recorded } from "./graph.ts";

/** A function of a tensor, and of whatever else it takes. */
type Fn<Rest extends unknown[]> = (x: Tensor, ...rest: Rest) => Tensor;

/** Options of derivatives. */
export interface DerivativeOptions {
  /**
   * Whether gradients flow through the derivative to the variables that the function uses besides its argument, as a penalty on
   * slopes needs it. By default only where this stands inside a function that is being differentiated, or in the loss of `minimize` or `fit`.
   */
  createGraph?: boolean;
}

/** What a function may look like, for errors: with a scalar result, and with any. */
const SUM_OF_SQUARES = "(x) => x.square().sum()";
const SQUARES = "(x) => x.square()";

/**
 * The tensor to differentiate with respect to, and whether the derivative is itself to be differentiated: a tensor that
 * is part of a graph is used as it is, so that an outer derivative flows through.
 */
function enter(
  name: string,
  x: Tensor,
  { createGraph = mode.inside }: DerivativeOptions = {},
): [leaf: Tensor, outer: boolean] {
  if (!(x instanceof Tensor)) {
    throw new TypeError(`${name}: the argument must be a tensor, got ${describe(x)} — wrap it: tensor(…)`);
  }
  if (!isFloating(x.dtype)) {
    throw new TypeError(`${name}: only fractions have derivatives, got ${x.dtype} — use .cast("float32")`);
  }
  if (x.requiresGrad && mode.recording) return [x, true];
  const leaf = x.detach();
  leaf.requiresGrad = true;
  return [leaf, createGraph && mode.recording];
}

function checkResult(name: string, y: unknown): asserts y is Tensor {
  if (y instanceof Tensor) return;
  throw new TypeError(`${name}: the function must return a tensor, got ${describe(y)}`);
}

function checkVector(name: string, v: Tensor, like: Tensor, what: string): void {
  if (v instanceof Tensor && sameShape(v.shape, like.shape)) return;
  const got = v instanceof Tensor ? formatShape(v.shape) : describe(v);
  throw new Error(
    `${name}: the vector must have the shape of the ${what}, ${formatShape(like.shape)}, got ${got}`,
  );
}

/** A result for the caller: without the graph behind it, unless an outer derivative needs that. */
function leave(y: Tensor, outer: boolean): Tensor {
  return outer ? y : y.detach();
}

function zerosLike(x: Tensor): Tensor {
  return zeros(x.shape, { dtype: x.dtype });
}

const derivativeRule: Rule = {
  name: "derivative",
  backward(gradient, { inputs: [derivative, x] }) {
    if (needs(derivative)) give(derivative, gradient);
    if (needs(x)) give(x, zerosLike(x));
  },
};

/**
 * A derivative at x. Where x is part of a graph, it leads back to x even when it does not depend on x (that of a straight
 * line): the next derivative is then 0, and not the error of a function that lost its argument.
 */
function derivativeAt(x: Tensor, leaf: Tensor, derivative: Tensor): Tensor {
  return x === leaf ? attach(derivative.detach(), derivativeRule, [derivative, x]) : derivative;
}

/** The gradient of a scalar y for its argument. */
function slope(name: string, y: Tensor, leaf: Tensor, outer: boolean): Tensor {
  checkScalar(name, y);
  const [gradient] = pullBack(y, undefined, [leaf], outer);
  if (gradient === null || gradient === undefined) {
    // While a graph is captured, y is a placeholder, which says so when it is asked for numbers.
    y.pointer();
    throw new Error(
      `${name}: the result of the function does not depend on its argument — compute it from the argument with ` +
        "operations of tensors, outside noGrad(…) and without detach(), item() or toArray(); no gradient goes through " +
        "comparisons, argMax or whole numbers",
    );
  }
  return gradient;
}

/**
 * Turns a function with a scalar result into the function that gives its gradient with respect to the first argument.
 * It can be applied again for higher derivatives.
 *
 * @throws when the result is not a scalar, or does not depend on the argument.
 * @example
 * const cube = (x: Tensor) => x.pow(3);
 * grad(cube)(tensor(2)) // → tensor(12)
 * grad(grad(cube))(tensor(2)) // → tensor(12)
 * grad(grad(grad(grad(cube))))(tensor(2)) // → tensor(0)
 */
export function grad<Rest extends unknown[]>(fn: Fn<Rest>, options?: DerivativeOptions): Fn<Rest> {
  checkFunction("grad", fn, SUM_OF_SQUARES);
  return (x, ...rest) => {
    const [leaf, outer] = enter("grad", x, options);
    const y = recorded("grad", () => fn(leaf, ...rest));
    return derivativeAt(x, leaf, slope("grad", y, leaf, outer));
  };
}

/**
 * Like {@link grad}, but the function it gives returns the value of `fn` as well: `[value, gradient]`.
 *
 * @example
 * valueAndGrad((x: Tensor) => x.square().sum())(tensor([1, 2])) // → [ tensor(5), tensor([2, 4]) ]
 */
export function valueAndGrad<Rest extends unknown[]>(
  fn: Fn<Rest>,
  options?: DerivativeOptions,
): (x: Tensor, ...rest: Rest) => [value: Tensor, gradient: Tensor] {
  checkFunction("valueAndGrad", fn, SUM_OF_SQUARES);
  return (x, ...rest) => {
    const [leaf, outer] = enter("valueAndGrad", x, options);
    const y = recorded("valueAndGrad", () => fn(leaf, ...rest));
    const gradient = slope("valueAndGrad", y, leaf, outer);
    return [leave(y, outer), derivativeAt(x, leaf, gradient)];
  };
}

/**
 * Turns a function into the function that gives its Jacobian with respect to the first argument: all derivatives of all
 * results. For x `[…in]` and a result `[…out]` it is `[…out, …in]`; for vectors, row i is the gradient of result i.
 * It takes one backward pass for each element of the result.
 *
 * @throws when x is no tensor of fractions, or the function gives no tensor.
 * @example
 * const polar = (p: Tensor) => stack([p.at(0).mul(p.at(1).cos()), p.at(0).mul(p.at(1).sin())]);
 * jacobian(polar)(tensor([2, 0])).toArray() // → [ [ 1, 0 ], [ 0, 2 ] ]
 * const W = variable([[1, 2], [3, 4]]);
 * jacobian((x) => x.matmul(W), { createGraph: true })(tensor([5, 6])).square().sum().backward();
 * W.grad!.toArray() // → [ [ 2, 4 ], [ 6, 8 ] ]
 */
export function jacobian<Rest extends unknown[]>(fn: Fn<Rest>, options?: DerivativeOptions): Fn<Rest> {
  checkFunction("jacobian", fn, SQUARES);
  return (x, ...rest) => {
    const [leaf, outer] = enter("jacobian", x, options);
    const y = recorded("jacobian", () => fn(leaf, ...rest));
    checkResult("jacobian", y);
    const shape = [...y.shape, ...leaf.shape];
    if (y.size === 0) return zeros(shape, { dtype: leaf.dtype });
    const rows = Array.from({ length: y.size }, (_, i) => {
      const start = zerosLike(y);
      start.view()[i] = 1;
      return pullBack(y, start, [leaf], outer)[0] ?? zerosLike(leaf);
    });
    return derivativeAt(x, leaf, reshape(stack(rows), shape));
  };
}

/**
 * Turns a function with a scalar result into the function that gives its Hessian: all second derivatives with respect to
 * the first argument. For x `[…n]` it is `[…n, …n]`.
 *
 * @example
 * hessian((x: Tensor) => x.at(0).square().mul(x.at(1)))(tensor([1, 3])).toArray() // → [ [ 6, 2 ], [ 2, 0 ] ]
 */
export function hessian<Rest extends unknown[]>(fn: Fn<Rest>, options?: DerivativeOptions): Fn<Rest> {
  checkFunction("hessian", fn, SUM_OF_SQUARES);
  return jacobian(gradientOrZeros(fn), options);
}

/** The gradient as a recorded function; zeros where the result does not depend on x. */
function gradientOrZeros<Rest extends unknown[]>(fn: Fn<Rest>): Fn<Rest> {
  return (x, ...rest) => {
    const y = recorded("hessian", () => fn(x, ...rest));
    checkScalar("hessian", y);
    return pullBack(y, undefined, [x], true)[0] ?? zerosLike(x);
  };
}

function checkScalar(name: string, y: Tensor): void {
  checkResult(name, y);
  if (y.size === 1) return;
  throw new Error(
    `${name}: the function must give a scalar, got ${formatShape(y.shape)} — use .sum() or .mean()`,
  );
}

/**
 * The vector–Jacobian product vᵀ·J of a function at x, by one backward pass: what the chain rule hands on from a
 * gradient `v` with respect to fn(x) to the gradient with respect to x.
 *
 * @param v of the shape of fn(x).
 * @returns `[value, product]`: fn(x), and the product, which has the shape of x.
 * @throws when `v` has not the shape of fn(x), or the function gives no tensor.
 * @example
 * vjp((x: Tensor) => x.square(), tensor([1, 2]), tensor([1, 10])) // → [ tensor([1, 4]), tensor([ 2, 40]) ]
 */
export function vjp(fn: Fn<[]>, x: Tensor, v: Tensor): [value: Tensor, product: Tensor] {
  checkFunction("vjp", fn, SQUARES);
  const [leaf, outer] = enter("vjp", x);
  const y = recorded("vjp", () => fn(leaf));
  checkResult("vjp", y);
  checkVector("vjp", v, y, "result");
  const keep = outer || (v.requiresGrad && mode.recording);
  const [product] = pullBack(y, v, [leaf], keep);
  return [leave(y, keep), derivativeAt(x, leaf, product ?? zerosLike(leaf))];
}

/**
 * The Jacobian–vector product J·v of a function at x: how fast fn(x) changes when x moves in the direction `v`.
 *
 * The backward pass vᵀ·J is linear in v, so going back through it once more gives J·v (Townsend 2017): every operation
 * that has a second derivative has this one too, for the price of two backward passes.
 *
 * @param v of the shape of x.
 * @returns `[value, product]`: fn(x), and the product, which has the shape of fn(x).
 * @throws when `v` has not the shape of x, or the function gives no tensor.
 * @example
 * jvp((x: Tensor) => x.square(), tensor([1, 2]), tensor([1, 10])) // → [ tensor([1, 4]), tensor([ 2, 40]) ]
 */
export function jvp(fn: Fn<[]>, x: Tensor, v: Tensor): [value: Tensor, product: Tensor] {
  checkFunction("jvp", fn, SQUARES);
  const [leaf, outer] = enter("jvp", x);
  checkVector("jvp", v, leaf, "argument");
  const y = recorded("jvp", () => fn(leaf));
  checkResult("jvp", y);
  const keep = outer || (v.requiresGrad && mode.recording);
  const weights = zerosLike(y);
  weights.requiresGrad = true;
  const [back] = pullBack(y, weights, [leaf], true);
  const product = back?.requiresGrad ? pullBack(back, v, [weights], keep)[0] : null;
  return [leave(y, keep), derivativeAt(x, leaf, product ?? zerosLike(y))];
}

/**
 * The Hessian–vector product H·v of a function with a scalar result at x, without making the Hessian: the gradient of
 * ∇fn(x)·v (Pearlmutter 1994).
 *
 * @param v of the shape of x.
 * @returns `[value, product]`: fn(x), and the product, which has the shape of x.
 * @throws when the result is not a scalar, or `v` has not the shape of x.
 * @example
 * hvp((x: Tensor) => x.pow(3).sum(), tensor([1, 2]), tensor([1, 0])) // → [ tensor(9), tensor([6, 0]) ]
 */
export function hvp(fn: Fn<[]>, x: Tensor, v: Tensor): [value: Tensor, product: Tensor] {
  checkFunction("hvp", fn, SUM_OF_SQUARES);
  const [leaf, outer] = enter("hvp", x);
  checkVector("hvp", v, leaf, "argument");
  const y = recorded("hvp", () => fn(leaf));
  checkScalar("hvp", y);
  const keep = outer || (v.requiresGrad && mode.recording);
  const [gradient] = pullBack(y, undefined, [leaf], true);
  const along = gradient ? recorded("hvp", () => sum(mul(gradient, v))) : zeros([]);
  const [product] = pullBack(along, undefined, [leaf], keep);
  return [leave(y, keep), derivativeAt(x, leaf, product ?? zerosLike(leaf))];
}
