// Arguments of the wrong kind, as plain JavaScript or a forgotten await hands them over: every public function meets them
// with an error of its own, and none takes them for something else.
import { describe, expect, test } from "vitest";
import * as lectern from "../../lib/index.ts";

const {
  adam,
  arange,
  bernoulliKl,
  checkGradients,
  clip,
  confusionMatrix,
  crossEntropyLoss,
  customGradient,
  dense,
  diag,
  distributions,
  dropout,
  elu,
  entropy,
  fromFunction,
  functional,
  geomspace,
  grad,
  huber,
  integrate,
  isProbabilityDistribution,
  leakyRelu,
  likelihood,
  linalg,
  linear,
  linspace,
  logLikelihood,
  meanSquaredError,
  multiply,
  normalKl,
  ones,
  perSampleGradients,
  quantile,
  random,
  repeat,
  rocCurve,
  scalar,
  simpson,
  softThreshold,
  std,
  sum,
  tensor,
  tensordot,
  trapezoid,
  where,
  zeros,
} = lectern;

/** What the types forbid and plain JavaScript allows. */
const untyped = <T>(value: unknown): T => value as T;
const later = Promise.resolve([0.5, 0.5]);
const x = tensor([[1, 2, 3]]);

/** The functions of "lectern" and of its groups, such as `linalg.solve`; no classes. */
const functions = Object.entries(lectern).flatMap(
  ([name, value]): [string, (...given: unknown[]) => unknown][] => {
    const members: [string, unknown][] =
      typeof value === "object"
        ? Object.entries(value).map(([key, part]) => [`${name}.${key}`, part])
        : [[name, value]];
    return members.filter(
      (member): member is [string, (...given: unknown[]) => unknown] =>
        typeof member[1] === "function" && !/^class\b/.test(Function.prototype.toString.call(member[1])),
    );
  },
);

/** How the engine of JavaScript words what no check has caught. */
const uncaught =
  /Cannot (read|use|convert|destructure|set|assign|mix)|is not (a function|iterable|defined|a constructor)|Invalid (array|typed|string)|Maximum call|Reduce of empty|\(intermediate value\)/;

describe("whatever a function is handed, JavaScript does not have to complain", () => {
  const kinds: [string, unknown][] = [
    ["nothing", undefined],
    ["null", null],
    ["text", "1"],
    ["NaN", Number.NaN],
    ["a negative number", -1],
    ["an object", {}],
    ["a list of texts", ["a"]],
    ["uneven rows", [[1], [1, 2]]],
    ["a promise", later],
    ["a function", () => {}],
    ["true", true],
    ["a scalar", tensor(2)],
    ["an empty tensor", tensor([])],
  ];

  test("there are functions", () => expect(functions.length).toBeGreaterThan(400));

  test.each(kinds)("%s", (_, value) => {
    const found: string[] = [];
    for (const [name, call] of functions) {
      // Sets the number of threads of the process.
      if (name === "engine.setThreads") continue;
      for (const given of [[value], [value, value]]) {
        try {
          call(...given);
        } catch (error) {
          if (uncaught.test((error as Error).message)) found.push(`${name}: ${(error as Error).message}`);
        }
      }
    }
    expect(found).toEqual([]);
  });
});

describe("what does not fit is said in the name of the function that was called", () => {
  const { Tensor } = lectern;
  const methods = Object.entries(Object.getOwnPropertyDescriptors(Tensor.prototype)).flatMap(
    ([name, { value }]): typeof functions => {
      if (typeof value !== "function" || name === "constructor") return [];
      return [[`Tensor.${name}`, (self, ...given) => self instanceof Tensor && value.call(self, ...given)]];
    },
  );
  const calls = [...functions, ...methods];
  const ownName = (name: string): string => name.slice(name.lastIndexOf(".") + 1);
  const names = new Set(calls.flatMap(([name]) => [name, ownName(name)]));
  /** Whether a message is about shapes or axes, and begins with the name of another function. */
  const misnamed = (name: string, message: string): boolean => {
    const [, head = name] = /^([\w.]+)[:,]/.exec(message) ?? [];
    // Two names of one function.
    const own = name === "swish" ? "silu" : ownName(name);
    return names.has(head) && head !== name && head !== own && /\[[\d, ]*\]|\baxis\b/.test(message);
  };

  test("there are methods", () => expect(methods.length).toBeGreaterThan(50));

  test.each([
    [
      [2, 3],
      [4, 5],
    ],
    [
      [3, 3],
      [2, 3],
    ],
    [[7], [2, 3]],
    [
      [2, 3, 4],
      [4, 5],
    ],
    [
      [2, 3, 4],
      [2, 5, 4],
    ],
    [
      [1, 5, 5, 2],
      [3, 3],
    ],
    [
      [3, 3],
      [1, 5, 5, 2],
    ],
  ])("%j and %j", (sizeA, sizeB) => {
    const [a, b, c] = [ones(sizeA), ones(sizeB), ones([5, 6])];
    const given: unknown[][] = [
      ...[
        [a, b],
        [a, b, a],
        [a, a, b],
        [a, a, a, b],
        [a, b, c],
        [a, b, 1],
        [a, 2, b],
        [a, 9],
      ],
      ...[[[a, b]], [[a, b], 1], [a, [b]], [[a], [b]], ["ij,jk->ik", a, b]],
      ...[
        [sizeA, b],
        [b, sizeA],
        [a, b, { axis: 1 }],
        [a, b, { reduction: "none" }],
        [a, { shape: sizeB }],
      ],
      ...[
        [a, { bias: b, weights: b, gamma: b, beta: b, mask: b }],
        [a, a, { bias: b }],
      ],
      ...[
        [a, { kernel: b, recurrentKernel: a }],
        [sizeA, { mean: b, std: b, low: b, high: b, p: b, scale: b }],
      ],
      ...[
        [{ mean: a, std: b }],
        [
          { mean: a, std: a },
          { mean: b, std: a },
        ],
      ],
      ...[
        [(v: typeof a) => v.square().sum(), a, b],
        [(v: typeof a) => v.square(), [a], [b]],
      ],
    ];
    const found = new Set<string>();
    for (const [name, call] of calls) {
      if (/^(datasets|engine)\./.test(name)) continue;
      for (const list of given) {
        try {
          call(...list);
        } catch (error) {
          const { message } = error as Error;
          if (misnamed(name, message)) found.add(`${name}: ${message}`);
        }
      }
    }
    expect([...found]).toEqual([]);
  });
});

describe("what was taken for something else, and is refused", () => {
  test.each<[what: string, make: () => unknown, message: RegExp]>([
    ["a dtype by itself", () => zeros([2], untyped("int32")), /^zeros: options .*\{ dtype.*got "int32"/],
    ["the same of tensor", () => tensor([1], untyped("int32")), /^tensor: options .*got "int32"/],
    ["a number as option", () => elu(x, untyped(0.5)), /^elu: options .*\{ alpha.*got 0\.5/],
    ["the same of leakyRelu", () => leakyRelu(x, untyped(0.2)), /^leakyRelu: .*got 0\.2/],
    ["keepDims by itself", () => sum(x, 0, untyped(true)), /^sum: .*\{ keepDims: true \}, got true/],
    ["an offset by itself", () => diag(tensor([1, 2]), untyped(1)), /^diag: .*\{ offset: 1 \}, got 1/],
    ["units and activation", () => dense(3, untyped("relu")), /^dense: options .*got "relu"/],
    ["a rate of learning", () => adam(untyped(0.01)), /^adam: .*\{ learningRate.*got 0\.01/],
    ["mean and deviation", () => distributions.normal(untyped(5)), /^normal: .*\{ mean.*got 5/],
    [
      "nothing for parameters",
      () => distributions.binomial(untyped(undefined)),
      /^binomial: .*got undefined/,
    ],
    ["bounds of random numbers", () => random.uniform([2], untyped(-1)), /^random\.uniform: .*got -1/],
    [
      "a size of pools",
      () => functional.maxPool2d(ones([4, 4]), untyped(3)),
      /^maxPool2d: .*poolSize.*got 3/,
    ],
    [
      "a forgotten await",
      () => entropy(untyped<number[]>(later)),
      /^entropy: .*got a Promise \(is an await missing\?\)/,
    ],
    ["the same for a tensor", () => std(untyped(later)), /^std: .*await missing/],
    [
      "an entropy of a number",
      () => entropy(untyped<number[]>(0.5)),
      /^entropy: .*list of numbers.*got 0\.5/,
    ],
    [
      "a likelihood of numbers",
      () => likelihood(untyped<number[]>(1), untyped<number[]>(1)),
      /^likelihood: .*got 1/,
    ],
    ["a probability of 2", () => logLikelihood([1], [2]), /^logLikelihood: probability 2 at position 0/],
    ["the same of Bernoulli", () => bernoulliKl(-1, 0.5), /^bernoulliKl: .*\[0, 1\], got -1/],
    ["a mean of NaN", () => normalKl({ mean: Number.NaN, std: 1 }), /^normalKl: mean .*got NaN/],
    ["an area under a number", () => trapezoid(untyped(3)), /^trapezoid: heights .*got 3/],
    ["text among heights", () => simpson(untyped([1, "2", 3])), /^simpson: heights hold "2" at position 1/],
    ["no distribution at all", () => isProbabilityDistribution(untyped(1)), /^isProbabilityDistribution: /],
    ["a limit as text", () => integrate((v) => v, 0, untyped("1")), /^integrate: .*got 0 and "1"/],
    ["an infinite area", () => integrate((v) => v, 0, Infinity), /^integrate: does not converge/],
    ["a constant everywhere", () => integrate(() => 1, -Infinity, Infinity), /^integrate: does not converge/],
    [
      "a pole that is just missed",
      () => integrate((v) => 1 / Math.sqrt(1e-300 + v), 0, 1),
      /^integrate: does/,
    ],
    ["bounds as text", () => clip(x, untyped("1")), /^clip: the bounds are numbers, got "1"/],
    ["a bound of null", () => clip(x, 0, untyped(null)), /^clip: .*got 0 and null/],
    ["a threshold of null", () => softThreshold(x, untyped(null)), /^softThreshold: .*got null/],
    ["a bias of NaN", () => linear(x, ones([3, 2]), untyped(Number.NaN)), /^linear: .*got the number NaN/],
    ["an end of null", () => arange(0, untyped(null)), /^arange: needs finite numbers.*got 0, null/],
    ["ends as text", () => geomspace(untyped("1"), 8), /^geomspace: needs two finite ends/],
    [
      "an unknown dtype of a row",
      () => linspace(0, 1, 3, { dtype: untyped("int") }),
      /^linspace: unknown dtype/,
    ],
    [
      "a function without return",
      () =>
        fromFunction(
          [2, 2],
          untyped(() => {}),
        ),
      /^fromFunction: .*must give a number, got undefined at \[0, 0\]/,
    ],
    [
      "a call in the place of a function",
      () => grad(untyped<() => typeof x>(x)),
      /^grad: takes a function.*f, not .*f\(x\)/,
    ],
    [
      "half a gradient",
      () => customGradient(() => x, untyped(undefined)),
      /^customGradient: takes a function/,
    ],
    [
      "inputs without a list",
      () => checkGradients((v) => v, untyped(1)),
      /^checkGradients: the inputs are a list/,
    ],
    [
      "numbers as inputs",
      () => checkGradients((v) => v, untyped([1])),
      /^checkGradients: .*got the number 1/,
    ],
    [
      "parameters without a list",
      () => perSampleGradients((part: typeof x) => part, untyped(x), [x]),
      /parameters are a list/,
    ],
    ["a number for a name", () => scalar(2, untyped(3)), /^scalar: a name is a text.*got 3/],
    ["a condition that is none", () => where(untyped(true), x, 0), /^where: .*got true/],
    [
      "text among scores",
      () => rocCurve([0, 1], untyped(["0.1", 0.9])),
      /^rocCurve, scores: value 0 .*"0\.1"/,
    ],
    [
      "null among labels",
      () => confusionMatrix(untyped([0, null]), [0, 1]),
      /^confusionMatrix, true labels: value 1/,
    ],
    ["lists of other lengths", () => confusionMatrix([0], [0, 1]), /^confusionMatrix: yTrue has 1 samples/],
    [
      "labels as a text",
      () => confusionMatrix([0], [0], { labels: untyped("ab") }),
      /^confusionMatrix: labels/,
    ],
    [
      "predictions that are missing",
      () => meanSquaredError(x, untyped(undefined)),
      /^meanSquaredError: .*got undef/,
    ],
    ["the same of Huber", () => huber(x, untyped([1])), /^huber: .*got an array — wrap it/],
    ["labels as a list", () => crossEntropyLoss(x, untyped([1])), /^crossEntropyLoss: .*wrap it/],
    ["axes as text", () => tensordot(x, x, untyped("1")), /^tensordot: axes are a number, or two lists/],
    ["times as text", () => repeat(x, untyped("2")), /^repeat: times are a number.*got "2"/],
    ["no share", () => quantile(x, []), /^quantile: .*an empty list/],
    ["a rate of null", () => dropout(untyped(null)), /^dropout: rate.*got null/],
    ["a number among paths", () => multiply(untyped([1, x])), /^multiply: .*1 is in it/],
    [
      "a tensor for a plain number",
      () => lectern.special.logGamma(untyped(x)),
      /^special\.logGamma: .*got a Tensor/,
    ],
    ["text for a share", () => lectern.special.betaI(1, 2, untyped("0.5")), /^special\.betaI: .*got 0\.5/],
    ["a condition number of text", () => linalg.cond(untyped("1")), /^linalg\.cond: .*got "1"/],
  ])("%s", (_, make, message) => expect(make).toThrow(message));
});

test("lists and tensors give the same measures", () => {
  const heights = [0, 1, 4];
  expect(trapezoid(tensor(heights), tensor([0, 1, 3]))).toBe(trapezoid(heights, [0, 1, 3]));
  expect(simpson(tensor(heights))).toBe(simpson(heights));
});

describe("methods refuse it too", () => {
  const layer = dense(2, { inputShape: [3] });
  const weather = lectern.jointTable({ sky: ["sun", "rain"] }, [0.7, 0.3]);
  const entry = lectern.input([3]);
  const net = lectern.model(entry, dense(1)(entry));

  test.each<[what: string, make: () => unknown, message: RegExp]>([
    ["a list to assign", () => zeros([2]).assign(untyped([1, 2])), /^assign: .*got an array — wrap it/],
    [
      "a number as gradient",
      () => lectern.variable([1]).backward(untyped(1)),
      /^backward: .*got the number 1/,
    ],
    ["a size as shape", () => dense(2).build(untyped(3)), /^dense: .*shape of one sample.*got 3/],
    ["the same to count with", () => layer.countParams(untyped(undefined)), /^dense.*got undefined/],
    ["weights without a list", () => layer.setWeights(untyped(3)), /setWeights takes a list.*got 3/],
    ["nothing for a model", () => net(untyped(undefined)), /expected tensors, got undefined/],
    [
      "a loss that was called",
      () => adam().minimize(untyped(x), []),
      /^adam: minimize: takes a function.*f\(x\)/,
    ],
    [
      "no variables",
      () => adam().minimize(() => x.sum(), untyped(undefined)),
      /^adam: minimize: the variables/,
    ],
    [
      "the same of L-BFGS",
      () => lectern.lbfgs().minimize(() => x, untyped(1)),
      /^lbfgs: minimize: the variables/,
    ],
    ["a sequence as list", () => lectern.lstm(2).run(untyped([1])), /^lstm: .*got an array — wrap it/],
    [
      "a value by itself",
      () => distributions.categorical([1]).expect(untyped(2)),
      /^categorical\.expect: takes a fun/,
    ],
    ["a state by itself", () => weather.probability(untyped("sun")), /^jointTable\.probability: .*got "sun"/],
    ["a number of a variable", () => weather.marginal(untyped(0)), /^jointTable\.marginal: .*got 0/],
    [
      "a number for a vector",
      () => distributions.multivariateNormal({ mean: [0], covariance: [[1]] }).pdf(untyped(0)),
      /^multivariateNormal: vectors .*got 0/,
    ],
    ["a rank for a shape", () => lectern.check(x).hasShape(untyped(2)), /^check: a shape is a list.*got 2/],
  ])("%s", (_, make, message) => expect(make).toThrow(message));
});

test("an integral with a narrow peak is as exact as any other", () => {
  expect(integrate((v) => 1 / (v + 1e-12), 0, 1)).toBeCloseTo(Math.log1p(1e12), 9);
});
