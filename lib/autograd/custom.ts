// Gradients of one's own: operations whose way back is given by hand, and tensors through which none flows.
import { checkTensor } from "../ops/operand.ts";
import { checkFunction } from "../tensor/arguments.ts";
import { describe, formatShape, sameShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { attach, give, needs, noGrad, type Rule, tracks } from "./graph.ts";

/**
 * The same numbers, through which no gradient flows: they count as constants. The function form of `x.detach()`.
 *
 * @example
 * grad((x: Tensor) => x.mul(stopGradient(x)))(tensor(3)) // → tensor(3)
 */
export function stopGradient(x: Tensor): Tensor {
  checkTensor("stopGradient", x);
  return x.detach();
}

/**
 * An operation with a gradient written by hand.
 *
 * `forward` computes the result from the inputs; what it does inside is not recorded. `backward` gets the gradient of the
 * loss with respect to the result, then the result, then the inputs, and returns the gradient for each input: a
 * list with null for those that get none, or just the tensor when there is one input. Write `backward` with tensor
 * operations of its arguments, and it can be differentiated again: second derivatives come from it.
 *
 * @throws when `backward` returns another number of gradients than there are inputs, or one of another shape.
 * @example
 * // the gradient passes straight through the rounding
 * const quantize = customGradient((x: Tensor) => x.round(), (gradient) => gradient);
 * grad((x: Tensor) => quantize(x).square().sum())(tensor([1.2, 2.9])) // → tensor([2, 6])
 */
export function customGradient<Inputs extends readonly Tensor[]>(
  forward: (...inputs: Inputs) => Tensor,
  backward: (gradient: Tensor, result: Tensor, ...inputs: Inputs) => Tensor | readonly (Tensor | null)[],
): (...inputs: Inputs) => Tensor {
  checkFunction("customGradient", forward, "(x) => x.round()");
  checkFunction("customGradient", backward, "(gradient) => gradient");
  const name = forward.name || "customGradient";
  const rule: Rule = {
    name,
    backward(gradient, node) {
      const inputs = node.inputs as Inputs;
      const returned = backward(gradient, node.saved as Tensor, ...inputs);
      const found: unknown = returned instanceof Tensor ? [returned] : returned;
      if (!Array.isArray(found) || found.length !== inputs.length) {
        const got = Array.isArray(found) ? `${found.length} gradients` : describe(found);
        throw new Error(
          `${name}: backward must return a gradient (or null) for each of ${inputs.length} inputs, got ${got}`,
        );
      }
      inputs.forEach((input, i) => {
        const part: unknown = found[i];
        if (part === null || !needs(input)) return;
        if (!(part instanceof Tensor) || !sameShape(part.shape, input.shape)) {
          const got = part instanceof Tensor ? formatShape(part.shape) : describe(part);
          throw new Error(
            `${name}: the gradient for input ${i} must have its shape ${formatShape(input.shape)}, got ${got}`,
          );
        }
        give(input, part);
      });
    },
  };
  return (...inputs) => {
    for (const input of inputs) checkTensor(name, input);
    const plain = inputs.map((input) => input.detach()) as readonly Tensor[] as Inputs;
    const made = noGrad(() => forward(...plain));
    checkTensor(name, made);
    const result = made.detach();
    return inputs.some((input) => tracks(input)) ? attach(result, rule, inputs, result) : result;
  };
}
