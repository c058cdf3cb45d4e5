// JSX is no part of a cell: what to say of one that has it.
import { parseSync, Visitor } from "oxc-parser";

export const NO_JSX =
  "JSX is not supported in a cell: there is no page to render it on. Write text/html with display(…), or put the " +
  "component in a module that is built elsewhere.";

/** Where the first element stands in a text that is TypeScript but for its JSX; null if JSX is not what is wrong. */
export function jsxOffset(text: string): number | null {
  const { program, errors } = parseSync("cell.tsx", text, { lang: "tsx", sourceType: "module" });
  if (errors.length > 0) return null;
  let first: number | null = null;
  const note = ({ start }: { start: number }) => {
    first = Math.min(first ?? start, start);
  };
  new Visitor({ JSXElement: note, JSXFragment: note }).visit(program);
  return first;
}
