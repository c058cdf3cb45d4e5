// No function loses a gradient without a word: where a result follows its inputs and records nothing, the doc comment says so.
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as lectern from "../../lib/index.ts";

const { seed, Tensor, tensor, variable } = lectern;
type Tensor = InstanceType<typeof Tensor>;
type Call = (...given: unknown[]) => unknown;

const double = { dtype: "float64" } as const;
const learn = (numbers: Parameters<typeof tensor>[0]) => variable(numbers, double);
const vector = () => learn([0.2, 0.35, 0.45]);
const other = () => learn([0.5, 0.3, 0.2]);
const matrix = () => learn([[2, 0.5], [0.4, 1.5]]); // biome-ignore format: a matrix
const image = () => learn(tensor(Float64Array.from({ length: 16 }, (_, i) => Math.sin(i + 1)), { shape: [1, 4, 4, 1] })); // biome-ignore format: one line

/** What the functions are called with; a call that one refuses counts nothing. */
const arguments_: (() => unknown[])[] = [
  () => [vector()],
  () => [matrix()],
  () => [image()],
  () => [learn(0.4)],
  () => [vector(), other()],
  () => [matrix(), matrix().mul(0.9).add(0.1)],
  () => [matrix(), learn([0.3, 0.6])],
  () => [image(), 2],
  () => [
    image(),
    learn([
      [[[0.5]], [[0.2]]],
      [[[0.1]], [[0.7]]],
    ]),
  ],
  () => [vector(), 2],
  () => [vector(), 0.3],
  () => [vector(), 0, 1],
  () => [vector(), [2, 0, 1]],
  () => [[vector(), other()]],
  () => [tensor([0, 1, 1]), vector()],
  () => [tensor([true, false, true]), vector(), other()],
  () => [vector(), tensor([true, false, true]), 7],
  () => [{ mean: vector(), std: other() }],
  () => [[3], { mean: vector(), std: other() }],
  () => [[3], { alpha: vector(), scale: other(), beta: other() }],
];

/** Those whose results are no tensors that could record anything, or that leave gradients on purpose. */
const apart =
  /^(engine\.|seed$|show$|filters$|featureMaps$|progress$|check$|checkGradients$|stopGradient$|variable$|random\.generator$)/;

const functions = Object.entries(lectern).flatMap(([name, value]): [string, Call][] => {
  const members: [string, unknown][] =
    typeof value === "object"
      ? Object.entries(value).map(([key, part]) => [`${name}.${key}`, part])
      : [[name, value]];
  return members.filter(
    (member): member is [string, Call] =>
      typeof member[1] === "function" && !/^class\b/.test(Function.prototype.toString.call(member[1])),
  );
});

/** The tensors among some values and the numbers, within lists and plain objects. */
function parts(value: unknown): (Tensor | number)[] {
  if (typeof value === "number" || value instanceof Tensor) return [value];
  if (Array.isArray(value)) return value.flatMap(parts);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return [];
  return Object.values(value).flatMap(parts);
}

const leavesOf = (given: unknown[]) =>
  parts(given).filter((part): part is Tensor => part instanceof Tensor && part.requiresGrad);

/** What a call gives that is made of fractions and records nothing, as one list; null when it is refused. */
function unrecorded(call: Call, given: unknown[]): number[] | null {
  try {
    seed(3);
    const leaves = new Set<unknown>(parts(given));
    const made = parts(call(...given)).filter((part) => !leaves.has(part));
    return made.flatMap((part) => {
      if (typeof part === "number") return [part];
      return part.requiresGrad || !part.dtype.startsWith("float") ? [] : Array.from(part.data());
    });
  } catch {
    return null;
  }
}

/** Whether results follow a small step of an input, by as much both ways. */
function follows(call: Call, make: () => unknown[]): boolean {
  const [here, step] = [unrecorded(call, make()), 1e-5];
  if (here === null || here.length === 0) return false;
  return leavesOf(make()).some((_, input) => {
    const [above, below] = [step, -step].map((by) => {
      const given = make();
      const values = leavesOf(given)[input].view();
      values[0] += by;
      return unrecorded(call, given);
    });
    if (above?.length !== here.length || below?.length !== here.length) return false;
    return here.some((value, i) => {
      const [up, down] = [(above[i] - value) / step, (value - below[i]) / step];
      return Math.abs(up) > 1e-3 && Math.abs(up - down) < 0.1 * Math.abs(up);
    });
  });
}

/** The doc comment of a function, wherever in lib/ it is. */
const root = new URL("../../lib/", import.meta.url);
const sources = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => readFileSync(new URL(file, root), "utf8"));
function docOf(name: string): string {
  const own = name.split(".").at(-1);
  const declaration = new RegExp(
    `/\\*\\*(?:(?!\\*/)[\\s\\S])*\\*/\\s*(?:export function ${own}\\b|${own}\\()`,
    "g",
  );
  return sources.flatMap((source) => source.match(declaration) ?? []).join("\n");
}

test("what follows its inputs records a gradient, or its doc comment says why not", () => {
  const silent = functions
    .filter(([name, call]) => !apart.test(name) && arguments_.some((make) => follows(call, make)))
    .map(([name]) => name);
  expect(silent).toContain("histogram");
  expect(silent.filter((name) => !/\bgradients?\b/i.test(docOf(name)))).toEqual([]);
});
