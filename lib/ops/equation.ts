// Equations such as "ij,jk->ik", read against shapes: which letter stands for which axis, and its size.
import { formatShape, type Shape } from "../tensor/shape.ts";

/** An equation with a name for each axis: its letter, or "…n" for the n-th axis before the last that "..." stands for. */
export interface Equation {
  inputs: readonly (readonly string[])[];
  output: readonly string[];
  sizes: ReadonlyMap<string, number>;
}

/** Reads an equation. @throws when it is malformed or does not fit the shapes. */
export function readEquation(equation: string, shapes: readonly Shape[]): Equation {
  if (typeof equation !== "string") {
    throw new TypeError('einsum: the equation comes first, such as einsum("ij,jk->ik", a, b)');
  }
  const text = equation.replaceAll(" ", "");
  const sides = text.split("->");
  if (sides.length > 2) throw new SyntaxError(`einsum: "${equation}" has more than one "->"`);
  const terms = sides[0]!.split(",");
  if (terms.length !== shapes.length) {
    throw new Error(
      `einsum: "${equation}" has ${count(terms.length, "term")} on the left, but ${count(shapes.length, "tensor")} ` +
        `${shapes.length === 1 ? "was" : "were"} given`,
    );
  }
  const inputs = terms.map((term, i) => labelsOf(equation, term, shapes[i]!));
  const sizes = sizesOf(equation, terms, inputs, shapes);
  const dots = [...sizes.keys()].filter((label) => label.startsWith("…")).sort((a, b) => order(b) - order(a));
  const output = sides.length === 1 ? implicit(inputs, dots) : explicit(equation, sides[1]!, sizes, dots);
  return { inputs, output, sizes };
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}

function order(label: string): number {
  return Number(label.slice(1));
}

/** A term cut into letters around its dots. */
function parse(equation: string, term: string): { before: string[]; after: string[]; dots: boolean } {
  const parts = term.split("...");
  if (parts.length > 2 || !/^[A-Za-z]*$/.test(parts.join(""))) {
    throw new SyntaxError(
      `einsum: "${term}" in "${equation}" — a term has letters, one for each axis, and at most one "..."`,
    );
  }
  return { before: [...parts[0]!], after: [...(parts[1] ?? "")], dots: parts.length === 2 };
}

function labelsOf(equation: string, term: string, shape: Shape): string[] {
  const { before, after, dots } = parse(equation, term);
  const letters = before.length + after.length;
  if (dots ? letters > shape.length : letters !== shape.length) {
    throw new Error(
      `einsum: "${term}" in "${equation}" names ${dots ? "at least " : ""}${count(letters, "axis").replace("axiss", "axes")}, ` +
        `the tensor has ${shape.length}: ${formatShape(shape)}`,
    );
  }
  const between = shape.length - letters;
  return [...before, ...Array.from({ length: between }, (_, i) => `…${between - i}`), ...after];
}

function sizesOf(
  equation: string,
  terms: readonly string[],
  inputs: readonly (readonly string[])[],
  shapes: readonly Shape[],
): Map<string, number> {
  const sizes = new Map<string, number>();
  inputs.forEach((labels, i) => {
    labels.forEach((label, axis) => {
      const size = shapes[i]![axis]!;
      const known = sizes.get(label) ?? 1;
      if (shapes[i]![labels.indexOf(label)] !== size) {
        throw new Error(
          `einsum: "${label}" occurs twice in "${terms[i]}", so those axes of ${formatShape(shapes[i]!)} must be of one size`,
        );
      }
      if (known !== 1 && size !== 1 && known !== size) {
        const name = label.startsWith("…") ? '"..."' : `"${label}"`;
        throw new Error(
          `einsum: ${name} in "${equation}" stands for an axis of size ${known} and, in "${terms[i]}" ` +
            `${formatShape(shapes[i]!)}, for one of size ${size}`,
        );
      }
      // As in broadcasting, 1 gives way to any other size, also 0.
      if (!sizes.has(label) || size !== 1) sizes.set(label, size);
    });
  });
  return sizes;
}

/** Without "->": what "..." stands for, then the letters that occur once, in alphabetical order. */
function implicit(inputs: readonly (readonly string[])[], dots: readonly string[]): string[] {
  const all = inputs.flat();
  const once = all.filter((label) => !label.startsWith("…") && all.indexOf(label) === all.lastIndexOf(label));
  return [...dots, ...once.sort()];
}

function explicit(
  equation: string,
  term: string,
  sizes: ReadonlyMap<string, number>,
  dots: readonly string[],
): string[] {
  const parts = parse(equation, term);
  const output = [...parts.before, ...(parts.dots ? dots : []), ...parts.after];
  for (const label of output) {
    if (!sizes.has(label)) {
      throw new Error(
        `einsum: "${label}" on the right of "${equation}" is not on the left, so it has no size`,
      );
    }
    if (output.indexOf(label) !== output.lastIndexOf(label)) {
      throw new Error(
        `einsum: "${label}" occurs twice on the right of "${equation}", each axis has one letter`,
      );
    }
  }
  return output;
}
