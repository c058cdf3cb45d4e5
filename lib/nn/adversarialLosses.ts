// Losses of two networks that play against each other: the minimax game of GANs, and Wasserstein's distance.
import { gradients } from "../autograd/backward.ts";
import { softplus } from "../ops/elementwise.ts";
import { checkTensor } from "../ops/operand.ts";
import { random } from "../random/random.ts";
import { checkFunction, checkOptions } from "../tensor/arguments.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** Options of the minimax losses. */
export interface MinimaxOptions {
  /**
   * Says that the discriminator's outputs are logits. Without it they are probabilities; when those came out of `sigmoid`,
   * the loss is still computed from the logits behind them.
   */
  fromLogits?: boolean;
}

/** log D and log(1 − D), clipped at 10⁻⁷ where there are no logits. */
function logarithms(
  loss: string,
  outputs: Tensor,
  { fromLogits = false }: MinimaxOptions,
): { yes: Tensor; no: Tensor } {
  checkTensor(loss, outputs);
  const logits = fromLogits ? outputs : outputs.logits;
  if (logits !== null) return { yes: softplus(logits.neg()).neg(), no: softplus(logits).neg() };
  const p = outputs.clip(1e-7, 1 - 1e-7);
  return { yes: p.log(), no: p.neg().add(1).log() };
}

/**
 * What the discriminator minimizes: −(mean log D(x) + mean log(1 − D(G(z)))), the negative value of the minimax game. It is
 * 2 log 2 = 1.3863 where the discriminator can only guess. Goodfellow et al., NeurIPS 2014.
 *
 * @param real the discriminator's outputs for real samples, `[batch]` or `[batch, 1]`
 * @param fake its outputs for generated ones
 * @example
 * minimaxDiscriminatorLoss(tensor([0.5, 0.5]), tensor([0.5])).item().toFixed(4) // → '1.3863'
 */
export function minimaxDiscriminatorLoss(real: Tensor, fake: Tensor, options: MinimaxOptions = {}): Tensor {
  const { yes } = logarithms("minimaxDiscriminatorLoss", real, options);
  const { no } = logarithms("minimaxDiscriminatorLoss", fake, options);
  return yes.mean().add(no.mean()).neg();
}

/**
 * What the generator minimizes: −mean log D(G(z)), which has a strong gradient also while all fakes are recognized; with
 * `saturating`, the game's own mean log(1 − D(G(z))). Goodfellow et al., NeurIPS 2014.
 *
 * @param fake the discriminator's outputs for generated samples
 * @example
 * minimaxGeneratorLoss(tensor([0.5])).item().toFixed(4) // → '0.6931'
 * minimaxGeneratorLoss(tensor([0.5]), { saturating: true }).item().toFixed(4) // → '-0.6931'
 */
export function minimaxGeneratorLoss(
  fake: Tensor,
  options: MinimaxOptions & { saturating?: boolean } = {},
): Tensor {
  checkOptions("minimaxGeneratorLoss", options, "{ saturating: true }");
  const { yes, no } = logarithms("minimaxGeneratorLoss", fake, options);
  return options.saturating ? no.mean() : yes.mean().neg();
}

/**
 * What Wasserstein's critic minimizes: mean D(G(z)) − mean D(x). With a critic that is nowhere steeper than 1, its negative
 * approaches the distance between the two distributions. Arjovsky, Chintala and Bottou, ICML 2017.
 *
 * @param real the critic's outputs for real samples: any numbers, no probabilities
 * @param fake its outputs for generated ones
 * @example
 * wassersteinCriticLoss(tensor([3, 5]), tensor([1])).item() // → -3
 */
export function wassersteinCriticLoss(real: Tensor, fake: Tensor): Tensor {
  checkTensor("wassersteinCriticLoss", real);
  checkTensor("wassersteinCriticLoss", fake);
  return fake.mean().sub(real.mean());
}

/**
 * What the generator minimizes against a critic: −mean D(G(z)).
 *
 * @example
 * wassersteinGeneratorLoss(tensor([1, 3])).item() // → -2
 */
export function wassersteinGeneratorLoss(fake: Tensor): Tensor {
  checkTensor("wassersteinGeneratorLoss", fake);
  return fake.mean().neg();
}

/**
 * How far the critic's slopes are from 1: the mean of (‖∇D(x̂)‖ − 1)² at points x̂ drawn evenly between real and generated
 * samples. Ten times that is added to the critic's loss. Gradients flow to the critic. Gulrajani et al., NeurIPS 2017.
 *
 * @param critic from samples `[batch, …]` to one number each
 * @throws when there are not as many samples of the one as of the other.
 * @example
 * gradientPenalty((x) => x.mul(3).sum(1), zeros([4, 1]), ones([4, 1])).item() // → 4
 */
export function gradientPenalty(critic: (samples: Tensor) => Tensor, real: Tensor, fake: Tensor): Tensor {
  checkFunction("gradientPenalty", critic, "(x) => critic(x)");
  checkTensor("gradientPenalty", real);
  checkTensor("gradientPenalty", fake);
  if (!sameShape(real.shape, fake.shape)) {
    throw new Error(
      `gradientPenalty: real samples ${formatShape(real.shape)} and generated ones ${formatShape(fake.shape)} differ`,
    );
  }
  const batch = real.shape[0] ?? 1;
  const share = random.uniform([batch, ...real.shape.slice(1).map(() => 1)]);
  const points = fake.detach().add(real.detach().sub(fake.detach()).mul(share));
  points.requiresGrad = true;
  const judged = critic(points);
  checkTensor("gradientPenalty: what the critic returns", judged);
  const [slopes] = gradients(judged.sum(), [points], { createGraph: true }) as [Tensor];
  return slopes.reshape([batch, -1]).square().sum(1).sqrt().sub(1).square().mean();
}
