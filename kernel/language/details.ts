// The one line that the server has on a suggestion → its signature, and what it really is.
import type { CompletionItem } from "./types.ts";

const LONGEST_SIGNATURE = 160;

/** Jupyter's name for a kind of declaration. */
export const TYPE_OF_KIND: Readonly<Record<string, string>> = {
  function: "function",
  class: "class",
  interface: "interface",
  type: "type",
  enum: "enum",
  namespace: "module",
  module: "module",
};

/**
 * To the server, imported names and classes that are declared as variables are all variables; its line knows better.
 * `detail` is such as `(method) Tensor.reshape(shape: Shape): Tensor` or `(alias) function relu(x: Tensor): Tensor`.
 */
export function describe(item: CompletionItem, detail: string | undefined): CompletionItem {
  if (detail === undefined) return item;
  const parts = detail.split(NEXT_DECLARATION).map((part) => part.replace(/\s+/g, " "));
  const [first] = parts as [string];
  const isClass = parts.some((part) => CONSTRUCTOR_VARIABLE.test(part));
  const type = item.type !== "instance" ? item.type : isClass ? "class" : typeIn(first);
  const signature = isClass ? null : signatureIn(first.replace(/^\(alias\) /, ""), item.text);
  return { text: item.text, type, ...(signature ? { signature } : {}) };
}

/** Between overloads, and between the declarations of a name that is both a type and a value. */
const NEXT_DECLARATION =
  /\n(?=\(\w+\) |(?:import|function|class|interface|type|var|const|namespace|module) )/;

const CONSTRUCTOR_VARIABLE = /^(?:\(alias\) )?var [\w$]+: (?:\w+Constructor$|\{ new )/;

function typeIn(declaration: string): string {
  const word = /^(?:\(alias\) )?(\w+) /.exec(declaration)?.[1];
  return (word && TYPE_OF_KIND[word]) ?? "instance";
}

/** What stands behind the name: parameters and result of a function, the type of anything else. */
function signatureIn(line: string, name: string): string | null {
  for (let at = line.indexOf(name); at >= 0; at = line.indexOf(name, at + 1)) {
    const rest = line.slice(at + name.length).replace(/^[?!]/, "");
    if (!/^[(<:]/.test(rest) || /[\w$]$/.test(line.slice(0, at))) continue;
    const signature = rest.replace(/^: /, "");
    return signature.length > LONGEST_SIGNATURE ? `${signature.slice(0, LONGEST_SIGNATURE - 1)}…` : signature;
  }
  return null;
}
