// Distributions whose parameters are tensors: one for each element, with gradients to the parameters.
import type { Operand } from "../autograd/graph.ts";
import { tensor } from "../tensor/create.ts";
import { Tensor } from "../tensor/tensor.ts";
import { ContinuousDistribution } from "./continuous.ts";
import type { Description } from "./description.ts";
import { DiscreteDistribution } from "./discrete.ts";
import { DENSITY, type Names, Operations, PROBABILITY } from "./operations.ts";
import { type PlainFunctions, plainFunctions } from "./plainFunctions.ts";
import type { Slopes } from "./slopes.ts";

/** Makes a distribution of numbers. */
type Describe<P> = (parameters: { [Name in keyof P]: number }) => Description;

/** What families have in common. Parameters and places broadcast; their values are read at each call. */
abstract class Family {
  readonly name: string;
  /** Numbers, and at least one tensor. */
  readonly parameters: Readonly<Record<string, Operand>>;
  protected readonly operations: Operations;

  constructor(
    name: string,
    parameters: Readonly<Record<string, Operand>>,
    at: (parameters: readonly number[]) => PlainFunctions,
    names: Names,
    slopes: Slopes,
  ) {
    this.name = name;
    this.parameters = parameters;
    this.operations = new Operations(name, names, parameters, at, slopes);
    Object.defineProperty(this, "operations", { enumerable: false });
  }

  /** P(X ≤ x), of each element. Backward throws where the derivative by a parameter has no closed form. */
  cdf(x: Place): Tensor {
    return this.operations.cdf(this.place(x));
  }

  /** P(X > x) = 1 − cdf(x), with all digits also where that is tiny. */
  survival(x: Place): Tensor {
    return this.operations.survival(this.place(x));
  }

  /** A list becomes a tensor of the type of the parameters. */
  protected place(x: Place): Operand {
    if (typeof x === "number" || x instanceof Tensor) return x;
    const isDouble = Object.values(this.parameters).some((p) => p instanceof Tensor && p.dtype === "float64");
    return tensor(x, { dtype: isDouble ? "float64" : "float32" });
  }

  toString(): string {
    const parts = Object.entries(this.parameters).map(
      ([name, value]) => `${name} ${value instanceof Tensor ? value.toString() : value}`,
    );
    return `${this.name}(${parts.join(", ")})`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

/** One place for all, or places that broadcast over the parameters. */
export type Place = Operand | readonly number[];

/**
 * Distributions of real numbers, one for each element of parameters that are tensors: what their logarithmic densities say
 * of observations is what models learn by (maximum likelihood). Gradients flow to parameters and places. Draws come from
 * `random.normal(shape, { mean, std })` and its like, which take tensors too.
 *
 * @example
 * const mean = variable(5);
 * distributions.normal({ mean, std: 2 }).logPdf([6, 8]).sum().backward();
 * mean.grad // → tensor(1)
 */
export class ContinuousFamily extends Family {
  /** log of the density; −∞ outside the support, where its gradient is 0. */
  logPdf(x: Place): Tensor {
    return this.operations.logWeight(this.place(x));
  }

  /** The density; where it is 0, so is its gradient. */
  pdf(x: Place): Tensor {
    return this.operations.weight(this.place(x));
  }

  /** The inverse of cdf: the smallest x with cdf(x) ≥ p; NaN for p outside [0, 1]. */
  quantile(p: Place): Tensor {
    return this.operations.quantile(this.place(p));
  }

  /** The inverse of survival: precise also for q so small that 1 − q is 1. */
  inverseSurvival(q: Place): Tensor {
    return this.operations.inverseSurvival(this.place(q));
  }
}

/**
 * Distributions of whole numbers, one for each element of parameters that are tensors. Gradients flow to the parameters;
 * places are whole numbers, so none flows to them.
 *
 * @example
 * const rate = variable(2);
 * distributions.poisson({ rate }).logPmf([3, 5]).sum().backward();
 * rate.grad // → tensor(2)
 */
export class DiscreteFamily extends Family {
  /** log P(X = x); −∞ where x is impossible, where its gradient is 0. */
  logPmf(x: Place): Tensor {
    return this.operations.logWeight(this.place(x));
  }

  /** P(X = x); 0 where x is impossible, as fractions are. */
  pmf(x: Place): Tensor {
    return this.operations.weight(this.place(x));
  }

  protected override place(x: Place): Operand {
    const place = super.place(x);
    return place instanceof Tensor ? place.detach() : place;
  }
}

/** A distribution of real numbers, or where a parameter is a tensor, a family of them. */
export function continuous<P extends Readonly<Record<string, Operand>>>(
  name: string,
  parameters: P,
  describe: Describe<P>,
  slopes: Slopes,
): ContinuousDistribution | ContinuousFamily {
  if (areNumbers(parameters)) return new ContinuousDistribution(describe(parameters), slopes);
  return new ContinuousFamily(name, parameters, functionsAt(parameters, describe, false), DENSITY, slopes);
}

/** A distribution of whole numbers, or where a parameter is a tensor, a family of them. */
export function discrete<P extends Readonly<Record<string, Operand>>>(
  name: string,
  parameters: P,
  describe: Describe<P>,
  slopes: Slopes,
): DiscreteDistribution | DiscreteFamily {
  if (areNumbers(parameters)) return new DiscreteDistribution(describe(parameters));
  return new DiscreteFamily(name, parameters, functionsAt(parameters, describe, true), PROBABILITY, slopes);
}

function areNumbers<P extends Readonly<Record<string, Operand>>>(
  parameters: P,
): parameters is P & { [Name in keyof P]: number } {
  return !Object.values(parameters).some((value) => value instanceof Tensor);
}

/** The functions for the numbers of one element. */
function functionsAt<P extends Readonly<Record<string, Operand>>>(
  parameters: P,
  describe: Describe<P>,
  whole: boolean,
): (numbers: readonly number[]) => PlainFunctions {
  const names = Object.keys(parameters);
  return (numbers) => {
    const named: Record<string, number> = {};
    for (let i = 0; i < names.length; i++) named[names[i]] = numbers[i];
    return plainFunctions(describe(named as { [Name in keyof P]: number }), whole);
  };
}
