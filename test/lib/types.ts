// What the types must refuse, so that a cell says so before it runs, and what must be usable without a cast. `tsc --noEmit`
// is the test: a line that stops being an error, or starts to be one, fails there.
import {
  adam,
  add,
  check,
  concatenate,
  conv2d,
  dense,
  model as functionalModel,
  type History,
  input,
  random,
  reshape,
  type Sequential,
  sequential,
  type Tensor,
  tensor,
  zeros,
} from "../../lib/index.ts";

export function refused(model: Sequential, x: Tensor): void {
  // @ts-expect-error: "relu" is misspelt
  dense(3, { activation: "rellu" });
  // @ts-expect-error: "activation" is misspelt
  dense(3, { activaton: "relu" });
  // @ts-expect-error: "same" is misspelt
  conv2d(3, 3, { padding: "smae" });
  // @ts-expect-error: small e in "entropy"
  model.compile({ loss: "sparseCategoricalCrossEntropy" });
  // @ts-expect-error: there is no such optimizer
  model.compile({ optimizer: "adm", loss: "mse" });
  // @ts-expect-error: the American spelling
  model.compile({ optimiser: "adam", loss: "mse" });
  // @ts-expect-error: "accuracy" is misspelt
  model.compile({ loss: "mse", metrics: ["acuracy"] });
  // @ts-expect-error: the plural
  void model.fit(x, x, { epoch: 3 });
  // @ts-expect-error: PyTorch's name
  adam({ lr: 0.1 });
  // @ts-expect-error: NumPy's name
  tensor([1], { dtype: "int" });
  // @ts-expect-error: text
  tensor(["1"]);
  // @ts-expect-error: a text is no number
  check(5).is("5");
  // @ts-expect-error: a truth value is no text
  check("a").is(true);
  // @ts-expect-error: a property is missing
  check({ a: 1, b: 2 }).is({ a: 1 });
  // @ts-expect-error: the tolerance is an option
  check(5).isCloseTo(5, 0.1);
  // @ts-expect-error: a list is no tensor
  x.add([1, 2]);
  // @ts-expect-error: a camel's hump
  x.sum(0, { keepdims: true });
  // @ts-expect-error: operators are for numbers
  x + 1;
  // @ts-expect-error: without its parentheses
  sequential([dense]);
  // @ts-expect-error: a number is no shape
  zeros(3);
  // @ts-expect-error: a symbolic tensor holds no numbers
  input([3]).toArray();
  // @ts-expect-error: numbers are no place for numbers
  functionalModel(x, x);
  // @ts-expect-error: half a path
  concatenate([input([3]), x]);
  // @ts-expect-error: unknown option
  random.uniform([2], { from: 1 });
}

export async function usable(model: Sequential, x: Tensor): Promise<void> {
  const history: History = await model.fit(x, x);
  const best: number = Math.min(...history.loss, ...history.history.loss);
  const { loss, accuracy } = await model.evaluate(x, x);
  const rows: number[][] = x.toArray();
  const total: number = loss + accuracy + best + rows[0][0] + model.predict(x).item();
  const first: Tensor = model.layers[0].weights[0].mul(total);
  void first;
  check(5).is(x.sum());
  check(x).is(new Float32Array(1));
  check(rows).is(x);
  check({ sizes: [1], name: "x" as const }).isCloseTo({ sizes: x, name: "y" });
  check<unknown>(5).is("x");
  await check(async () => {}).throws();
}

export function functional(x: Tensor): void {
  const image = input([8, 8, 3]);
  const maps = conv2d(4, 3)(image);
  const net = functionalModel(image, concatenate([maps, add([maps, maps])]));
  const one: Tensor = net(x);
  const nested: typeof maps = net(image);
  const both = functionalModel([image, maps], [nested, maps]);
  const [first, second]: Tensor[] = both([x, x], { training: true });
  const predicted: Tensor[] = both.predict([x, x]);
  const single: Tensor = net.predict(x);
  const sum: Tensor = add(one, 2).add(first).add(second).add(predicted[0]).add(single);
  sequential([net, dense(1)])(reshape(sum, [1, -1])).toArray();
}
