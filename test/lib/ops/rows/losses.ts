// Rows of the table of operations: losses of models, with every reduction.
import * as lectern from "../../../../lib/index.ts";
import { numbers, type Row, row } from "../row.ts";

const labels = lectern.tensor([2, 0, 1], { dtype: "int32" });
const oneHot = lectern.tensor([
  [0, 0, 1, 0],
  [1, 0, 0, 0],
  [0, 1, 0, 0],
]);
const pythonLabels = "torch.tensor([2, 0, 1])";
const probabilities = { low: 0.0625, high: 0.9375 };
const pair = [numbers([4, 3]), numbers([4, 3])];
// Errors stay away from 0, and Huber's from the place where the line begins: a is below b.
const apart = [numbers([4, 3], { low: -3, high: -2 }), numbers([4, 3], { low: -1.75, high: 3 })];
const none = { reduction: "none" } as const;
const sum = { reduction: "sum" } as const;
const clipped = "torch.log(a.clamp(1e-7, 1))";

export const losses: readonly Row[] = [
  row("mse", lossOf(lectern.meanSquaredError), "F.mse_loss(b, a)", pair),
  row("mse of samples", lossOf(lectern.meanSquaredError, none), "((a - b) ** 2).mean(1)", pair),
  row("mse, sum", lossOf(lectern.meanSquaredError, sum), "((a - b) ** 2).mean(1).sum()", pair),
  row("mae", lossOf(lectern.meanAbsoluteError), "F.l1_loss(b, a)", apart),
  row("mae of samples", lossOf(lectern.meanAbsoluteError, none), "(a - b).abs().mean(1)", apart),
  row("huber", lossOf(lectern.huber), "F.huber_loss(b, a)", [
    numbers([9], { low: -0.4, high: 0.4 }),
    numbers([9], { low: -0.5, high: 0.5 }),
  ]),
  row(
    "huber beyond delta",
    lossOf(lectern.huber, { delta: 0.125 }),
    "F.huber_loss(b, a, delta=0.125)",
    apart,
  ),
  row("huber of samples", lossOf(lectern.huber, none), 'F.huber_loss(b, a, reduction="none").mean(1)', pair, {
    derivatives: 1,
  }),
  row(
    "binaryCrossentropy",
    lossOf(lectern.binaryCrossentropy),
    "F.binary_cross_entropy(b, a)",
    [numbers([4, 3], probabilities), numbers([4, 3], probabilities)],
    { derivatives: 1 },
  ),
  row(
    "binaryCrossentropy of logits, samples",
    lossOf(lectern.binaryCrossentropy, { fromLogits: true, ...none }),
    'F.binary_cross_entropy_with_logits(b, a, reduction="none").mean(1)',
    [numbers([4, 3], probabilities), numbers([4, 3])],
  ),
  row(
    "binaryCrossentropy behind sigmoid, samples",
    (z) => lectern.binaryCrossentropy(lectern.tensor([1, 0, 1, 1]), z.sigmoid(), none),
    'F.binary_cross_entropy_with_logits(a, torch.tensor([1.0, 0, 1, 1]).double(), reduction="none")',
    [numbers([4], { low: -20, high: 20 })],
  ),
  row(
    "binaryCrossentropy of samples",
    lossOf(lectern.binaryCrossentropy, none),
    'F.binary_cross_entropy(b, a, reduction="none").mean(1)',
    [numbers([4, 3], probabilities), numbers([4, 3], probabilities)],
    { derivatives: 1 },
  ),
  row(
    "sparseCategoricalCrossentropy of logits, samples",
    (z) => lectern.sparseCategoricalCrossentropy(labels, z, { fromLogits: true, ...none }),
    `F.cross_entropy(a, ${pythonLabels}, reduction="none")`,
    [numbers([3, 4])],
  ),
  row(
    "sparseCategoricalCrossentropy of probabilities, sum",
    (p) => lectern.sparseCategoricalCrossentropy(labels, p, sum),
    `F.nll_loss(${clipped}, ${pythonLabels}, reduction="sum")`,
    [numbers([3, 4], probabilities)],
  ),
  row(
    "categoricalCrossentropy behind softmax, samples",
    (z) => lectern.categoricalCrossentropy(oneHot, z.softmax(), none),
    `F.cross_entropy(a, ${pythonLabels}, reduction="none")`,
    [numbers([3, 4], { low: -9, high: 9 })],
  ),
  row(
    "klDivergenceLoss",
    lossOf(lectern.klDivergenceLoss),
    'F.kl_div(torch.log(b), a, reduction="batchmean")',
    [numbers([4, 3], probabilities), numbers([4, 3], probabilities)],
  ),
  row(
    "klDivergenceLoss of samples",
    lossOf(lectern.klDivergenceLoss, none),
    "(a * torch.log(a / b)).sum(1)",
    [numbers([4, 3], probabilities), numbers([4, 3], probabilities)],
  ),
  row(
    "gaussianNllLoss",
    (mean, y, variance) => lectern.gaussianNllLoss(mean, y, variance),
    "F.gaussian_nll_loss(a, b, c)",
    [...pair, numbers([4, 3], { low: 0.25, high: 2 })],
  ),
  row(
    "gaussianNllLoss, full, samples",
    (mean, y, variance) => lectern.gaussianNllLoss(mean, y, variance, { full: true, ...none }),
    'F.gaussian_nll_loss(a, b, c, full=True, reduction="none").mean(1)',
    [...pair, numbers([4, 3], { low: 0.25, high: 2 })],
  ),
  row(
    "normalKl",
    (mean, std) => lectern.normalKl({ mean, std }),
    "torch.distributions.kl_divergence(torch.distributions.Normal(a, b), torch.distributions.Normal(0.0, 1.0))",
    [numbers([4, 3]), numbers([4, 3], { low: 0.25, high: 2 })],
  ),
  row(
    "minimaxDiscriminatorLoss of logits",
    (real, fake) => lectern.minimaxDiscriminatorLoss(real, fake, { fromLogits: true }),
    "F.binary_cross_entropy_with_logits(a, torch.ones_like(a)) + F.binary_cross_entropy_with_logits(b, torch.zeros_like(b))",
    [numbers([5, 1], { low: -9, high: 9 }), numbers([3, 1], { low: -9, high: 9 })],
  ),
  row(
    "minimaxDiscriminatorLoss behind sigmoid",
    (real, fake) => lectern.minimaxDiscriminatorLoss(real.sigmoid(), fake.sigmoid()),
    "torch.logaddexp(-a, a * 0).mean() + torch.logaddexp(b, b * 0).mean()",
    [numbers([5, 1], { low: -30, high: 30 }), numbers([3, 1], { low: -30, high: 30 })],
  ),
  row(
    "minimaxGeneratorLoss",
    (fake) => lectern.minimaxGeneratorLoss(fake),
    "F.binary_cross_entropy(a, torch.ones_like(a))",
    [numbers([5, 1], probabilities)],
  ),
  row(
    "minimaxGeneratorLoss, saturating",
    (fake) => lectern.minimaxGeneratorLoss(fake, { saturating: true }),
    "torch.log(1 - a).mean()",
    [numbers([5, 1], probabilities)],
  ),
  row("wassersteinCriticLoss", lectern.wassersteinCriticLoss, "b.mean() - a.mean()", [
    numbers([5, 1]),
    numbers([3, 1]),
  ]),
  row("wassersteinGeneratorLoss", (fake) => lectern.wassersteinGeneratorLoss(fake), "-a.mean()", [
    numbers([5, 1]),
  ]),
];

type Loss<O> = (yTrue: lectern.Tensor, yPred: lectern.Tensor, options?: O) => lectern.Tensor;

function lossOf<O>(loss: Loss<O>, options?: O): Row["call"] {
  return (yTrue, yPred) => loss(yTrue!, yPred!, options);
}
