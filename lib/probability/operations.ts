// The functions of a distribution as operations: of places and parameters that are tensors, with gradients to both.
import { attach, give, needs, type Operand, type Rule, tracks } from "../autograd/graph.ts";
import { div, mul, where } from "../ops/arithmetic.ts";
import { cast } from "../ops/cast.ts";
import { notEqual } from "../ops/compare.ts";
import { neg } from "../ops/elementwise.ts";
import { broadcastTo } from "../ops/shape.ts";
import { empty, tensor } from "../tensor/create.ts";
import { broadcastShapes, type Shape, sameShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import type { PlainFunctions } from "./plainFunctions.ts";
import type { Functions, Slope, Slopes, Values } from "./slopes.ts";

/** What the functions are called in errors and in graphs. */
export interface Names {
  logWeight: string;
  weight: string;
}

export const DENSITY: Names = { logWeight: "logPdf", weight: "pdf" };
export const PROBABILITY: Names = { logWeight: "logPmf", weight: "pmf" };

/** The way back to one argument of an operation: gets the arguments and the result. */
type Back = (name: string, values: Values, result: Tensor) => Tensor;

/** The functions of one distribution, or of one for each element of its parameters. */
export class Operations implements Functions {
  readonly #name: string;
  readonly #names: Names;
  readonly #parameters: readonly [name: string, value: Operand][];
  readonly #at: (parameters: readonly number[]) => PlainFunctions;
  readonly #slopes: Slopes;
  /** Where the places of a backward pass are in the support: the slopes of all arguments need it. */
  readonly #masks = new WeakMap<Values, Tensor>();

  constructor(
    name: string,
    names: Names,
    parameters: Readonly<Record<string, Operand>>,
    at: (parameters: readonly number[]) => PlainFunctions,
    slopes: Slopes,
  ) {
    this.#name = name;
    this.#names = names;
    this.#parameters = Object.entries(parameters);
    this.#at = at;
    this.#slopes = slopes;
  }

  logWeight(x: Operand): Tensor {
    return this.#apply(
      this.#names.logWeight,
      x,
      (of, v) => of.logWeight(v),
      (name, values) => {
        const slope = this.#slope(this.#names.logWeight, this.#slopes.logWeight, name);
        return this.#within(values, (_, v) => v, slope);
      },
    );
  }

  weight(x: Operand): Tensor {
    const method = this.#names.weight;
    return this.#apply(
      method,
      x,
      (of, v) => of.weight(v),
      (name, values, result) => {
        const own = this.#slopes.weight?.[name];
        if (own !== undefined) return this.#within(values, (_, v) => v, own);
        const slope = this.#slope(method, this.#slopes.logWeight, name);
        // Where the weight is 0 its slope counts as 0, also at an end of the support where that of the logarithm is infinite.
        const positive = notEqual(result.detach(), 0);
        const inside = { ...values, x: where(positive, values.x, this.#slopes.inside) };
        return where(positive, mul(result, slope(inside, this)), 0);
      },
    );
  }

  cdf(x: Operand): Tensor {
    return this.#apply(
      "cdf",
      x,
      (of, v) => of.cdf(v),
      (name, values) => this.#slopeOfCdf("cdf", name, values),
    );
  }

  survival(x: Operand): Tensor {
    return this.#apply(
      "survival",
      x,
      (of, v) => of.survival(v),
      (name, values) => neg(this.#slopeOfCdf("survival", name, values)),
    );
  }

  quantile(p: Operand): Tensor {
    return this.#inverse("quantile", p, (of, v) => of.quantile(v), 1);
  }

  inverseSurvival(q: Operand): Tensor {
    return this.#inverse("inverseSurvival", q, (of, v) => of.inverseSurvival(v), -1);
  }

  /** cdf(quantile) is the level, whatever the parameters: the slope of the inverse follows from those of the cdf. */
  #inverse(
    method: string,
    level: Operand,
    value: (of: PlainFunctions, v: number) => number,
    sign: 1 | -1,
  ): Tensor {
    return this.#apply(method, level, value, (name, values, result) => {
      const density = this.weight(result);
      if (name === "x") return div(sign, density);
      return neg(div(this.#slopeOfCdf(method, name, { ...values, x: cast(result, "float64") }), density));
    });
  }

  #slopeOfCdf(method: string, name: string, values: Values): Tensor {
    if (name === "x") return this.weight(values.x);
    return this.#within(values, (of, v) => of.place(v), this.#slope(method, this.#slopes.cdf, name));
  }

  #slope(method: string, slopes: Readonly<Record<string, Slope>>, name: string): Slope {
    const slope = slopes[name];
    if (slope !== undefined) return slope;
    throw new Error(
      `${this.#name}.${method}: no closed form of its derivative by ${name} is known — pass ${name}.detach(), or learn ` +
        `${name} through ${this.#names.logWeight}, which has a gradient`,
    );
  }

  /** A slope at x, or where the function at x is that of another place, there; 0 outside the support. */
  #within(values: Values, move: (of: PlainFunctions, x: number) => number, slope: Slope): Tensor {
    const mask = this.#masks.get(values) ?? this.#mask(values, move);
    const x = where(mask, values.x, this.#slopes.inside);
    return where(mask, slope({ ...values, x }, this), 0);
  }

  #mask(values: Values, move: (of: PlainFunctions, x: number) => number): Tensor {
    const mask = this.#each("gradient", Object.values(values), (of, x) => {
      const place = move(of, x);
      return Number.isNaN(place) || of.isPossible(place) ? 1 : 0;
    });
    this.#masks.set(values, mask);
    return mask;
  }

  #apply(method: string, x: Operand, value: (of: PlainFunctions, x: number) => number, back: Back): Tensor {
    const inputs = [x, ...this.#parameters.map(([, parameter]) => parameter)];
    const result = this.#each(method, inputs, value);
    if (!inputs.some((input) => tracks(input))) return result;
    const names = ["x", ...this.#parameters.map(([name]) => name)];
    const rule: Rule = {
      name: `${this.#name}.${method}`,
      backward(gradient, node) {
        // In double precision, as the values are; each gradient is rounded once.
        const doubles = node.inputs.map((input, i) => [
          names[i],
          typeof input === "number" ? tensor(input, { dtype: "float64" }) : cast(input, "float64"),
        ]);
        const values: Values = Object.fromEntries(doubles);
        node.inputs.forEach((input, i) => {
          if (needs(input)) give(input, mul(gradient, back(names[i], values, node.saved as Tensor)));
        });
      },
    };
    return attach(result, rule, inputs, result);
  }

  /** f of each place with its parameters, in double precision; all broadcast. */
  #each(
    method: string,
    [x, ...parameters]: readonly Operand[],
    f: (of: PlainFunctions, x: number) => number,
  ): Tensor {
    const tensors = [x, ...parameters].filter((input) => input instanceof Tensor);
    const caller = `${this.#name}.${method}`;
    const shape = tensors.reduce<Shape>((common, { shape }) => broadcastShapes(caller, common, shape), []);
    const isDouble = tensors.some(({ dtype }) => dtype === "float64");
    const result = empty(shape, isDouble ? "float64" : "float32");
    const place = reader(x, shape);
    const readers = parameters.map((parameter) => reader(parameter, shape));
    const numbers = readers.map(() => Number.NaN);
    const target = result.view();
    let functions: PlainFunctions | null = null;
    for (let i = 0; i < target.length; i++) {
      // Often the parameters of an element are those of the element before.
      for (let k = 0; k < readers.length; k++) {
        const number = readers[k](i);
        if (number === numbers[k]) continue;
        numbers[k] = number;
        functions = null;
      }
      functions ??= this.#at(numbers);
      target[i] = f(functions, place(i));
    }
    return result;
  }
}

/** The number of an operand for each element of a shape. */
function reader(operand: Operand, shape: Shape): (element: number) => number {
  if (typeof operand === "number") return () => operand;
  const constant = operand.detach();
  const numbers = (sameShape(constant.shape, shape) ? constant : broadcastTo(constant, shape)).data();
  return (element) => numbers[element];
}
