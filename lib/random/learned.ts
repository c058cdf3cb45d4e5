// Parameters of random numbers that learn: where gradients flow to them, and where there is no formula for that.
import { attach, needs, type Rule, tracks } from "../autograd/graph.ts";
import { tensor } from "../tensor/create.ts";
import { Tensor } from "../tensor/tensor.ts";
import type { Parameter, Range } from "./parameters.ts";

/** A parameter with what it is called and which values it may take. */
export type Named = [name: string, value: Parameter, range: Range];

/** Whether gradients are to flow to a parameter. */
export function learns(parameter: Parameter): boolean {
  return parameter instanceof Tensor && tracks(parameter);
}

/** The parameter as a number or a tensor. */
export function operand(parameter: Parameter): Tensor | number {
  return typeof parameter === "number" || parameter instanceof Tensor ? parameter : tensor(parameter);
}

/** Records that draws depend on parameters in a way that has no closed form: going back to one of them throws. */
export function withoutSlope(caller: string, draws: Tensor, parameters: readonly Named[]): Tensor {
  const known = parameters.filter(([, value]) => learns(value));
  if (known.length === 0) return draws;
  const rule: Rule = {
    name: caller,
    backward(_, { inputs }) {
      const name = known[inputs.findIndex((input) => needs(input))]?.[0];
      const distribution = caller.replace("random", "distributions");
      throw new Error(
        `${caller}: no closed form of the derivative of a draw by ${name} is known — pass ${name}.detach(), or learn ` +
          `${name} through ${distribution}(…).logPdf, which has a gradient`,
      );
    },
  };
  return attach(
    draws,
    rule,
    known.map(([, value]) => value as Tensor),
  );
}
