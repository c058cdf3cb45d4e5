// Old cells put together: many documents of simple declarations become one, so that a long session stays as quick as a
// short one. No type is lost: cells whose names have other types stay documents of their own.
import type { DeclaredKind } from "../cell/compiled.ts";

/** Types that mean the same wherever they are written. Names of properties and parameters stand before a colon. */
const SIMPLE = new Set(
  [
    "any unknown void never null undefined true false string number boolean bigint symbol object readonly",
    "Array ReadonlyArray Map ReadonlyMap Set ReadonlySet Promise Date RegExp Error ArrayBuffer ArrayBufferLike DataView",
    "Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array",
    "BigInt64Array BigUint64Array URL Buffer",
  ].flatMap((names) => names.split(" ")),
);

const LITERAL = /^(?:-?[\d.]+(?:e[+-]?\d+)?n?|"(?:[^"\\]|\\.)*"|true|false)$/;
const HAS_LITERAL = /["'`]|(?<![\w$])-?\d/;

/**
 * The declaration of a name from what the server shows of it; null if it is not simple. `isTaken` tells names that the
 * notebook has given another meaning.
 */
export function settledDeclaration(
  hover: string,
  name: string,
  kind: DeclaredKind,
  isTaken: (name: string) => boolean,
): string | null {
  const shown = /^```\w+\n(?:\(alias\) )?([\s\S]*?)\n(?:export [^\n]*\n)?```\s*$/.exec(hover)?.[1];
  if (shown === undefined) return null;
  if (kind === "function") {
    const signature = stripped(shown, `function ${name}`);
    if (signature === null || !/^[(]/.test(signature) || !isSimple(signature, isTaken)) return null;
    return `export declare function ${name}${signature};`;
  }
  if (kind !== "const" && kind !== "let" && kind !== "var") return null;
  const type = stripped(shown, `${kind} ${name}: `);
  if (type === null) return null;
  // As with `const a = 1`, of which a copy in a `let` is a number.
  if (kind === "const" && LITERAL.test(type)) return `export const ${name} = ${type};`;
  if (!isSimple(type, isTaken) || (/\|/.test(type) && HAS_LITERAL.test(type))) return null;
  return `export declare ${kind} ${name}: ${type};`;
}

function stripped(text: string, start: string): string | null {
  return text.startsWith(start) ? text.slice(start.length) : null;
}

function isSimple(type: string, isTaken: (name: string) => boolean): boolean {
  if (/\.\.\.(?![\w$]+\??:)|…|\btypeof\b|`/.test(type)) return false; // shortened, or of something else
  const withoutTexts = type.replace(/"(?:[^"\\]|\\.)*"/g, "0");
  for (const [word, after] of withoutTexts.matchAll(/[\p{ID_Start}$_][\p{ID_Continue}$]*(\??:)?/gu)) {
    if (after === undefined && (!SIMPLE.has(word) || isTaken(word))) return false;
  }
  return /^[\s\w$\p{ID_Continue}.?:;,|&(){}[\]<>=-]*$/u.test(withoutTexts);
}
