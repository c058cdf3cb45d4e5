// Whether a cell is nested so deeply that it must not be parsed. The parser recurses on the stack of the kernel's process,
// where an overflow is not an exception but the end of the process: with 8 MB it comes at some 5,000 brackets or arrows.

export const TOO_DEEP =
  "This cell is nested too deeply: it has hundreds of brackets within each other, or an expression of thousands of parts. " +
  "Split it into several statements.";

/** Nobody writes so many brackets within each other, or so many signs in one expression. */
const DEEPEST = 500;
const LONGEST_CHAIN = 3000;

const OPENING = "([{";
const CLOSING = ")]}";
/** The end of an expression; a new line counts if it begins with a word. */
const SEPARATORS = ",;";
const SIGNS = "<>=?!+-*/~&|^%";

/** Strings, comments and templates without expressions may hold anything: they are one token each. */
const TOKEN =
  /"[^"\\\n]*(?:\\.[^"\\\n]*)*"|'[^'\\\n]*(?:\\.[^'\\\n]*)*'|`[^`\\$]*(?:(?:\\.|\$(?!\{))[^`\\$]*)*`|\/\/[^\n]*|\/\*[\s\S]*?\*\/|\n\w|[()[\]{},;<>=?!+\-*/~&|^%]/gs;

/** In time linear in the text; for an ordinary text it is only a count of its brackets and signs. */
export function isTooDeep(text: string): boolean {
  if (text.length <= DEEPEST || !(hasMore(text, OPENING, DEEPEST) || hasMore(text, SIGNS, LONGEST_CHAIN))) {
    return false;
  }
  const chains = [0]; // the signs so far, one count for each open bracket
  for (const [token] of text.matchAll(TOKEN)) {
    const last = chains.length - 1;
    if (OPENING.includes(token)) {
      if (chains.push(0) > DEEPEST) return true;
    } else if (CLOSING.includes(token)) {
      if (last > 0) chains.pop();
      if (token === "}") chains[chains.length - 1] = 0;
    } else if (SEPARATORS.includes(token) || token[0] === "\n") {
      chains[last] = 0;
    } else if (SIGNS.includes(token)) {
      chains[last] = (chains[last] as number) + 1;
      if ((chains[last] as number) > LONGEST_CHAIN) return true;
    }
  }
  return false;
}

function hasMore(text: string, characters: string, limit: number): boolean {
  let count = 0;
  for (let i = 0; i < text.length; i++)
    if (characters.includes(text[i] as string) && ++count > limit) return true;
  return false;
}
