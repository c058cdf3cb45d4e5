// A cell as a document: one line that brings in the names of earlier cells, the cell, one line that exports its own.
import type { DeclaredKind } from "../cell/compiled.ts";
import { cellFile, NAMES } from "./documents.ts";
import type { Cell } from "./names.ts";

/** The cell starts in this line of its document (counted from 0). */
export const FIRST_LINE = 1;

/** The namespace under which a document has the names of all earlier cells. */
export const EARLIER = "__notebook";

/** A name of an earlier cell, and in which document it is declared. */
export interface EarlierName {
  readonly kind: DeclaredKind;
  readonly slot: number;
}

export type EarlierNames = ReadonlyMap<string, EarlierName>;

/**
 * The document of a cell that is being edited. The prelude of all of them names the same modules in the same order: the
 * server can then exchange this one document and need not put the whole program together again.
 */
export function openCell(cell: Cell, earlier: EarlierNames): string {
  const imported: string[] = [];
  const variables: string[] = [];
  for (const [name, { kind }] of earlier) {
    if (cell.names.has(name)) continue;
    if (isVariable(kind)) variables.push(`${name}: typeof ${EARLIER}.${name}`);
    else imported.push(name);
  }
  const prelude =
    `import * as ${EARLIER} from "./${NAMES}"; import { ${imported.join(", ")} } from "./${NAMES}";` +
    (variables.length > 0 ? ` declare let ${variables.join(", ")};` : "");
  return `${prelude}\n${cell.text}\n${exportLine(cell)}`;
}

/**
 * The document of an executed cell. Its functions go on using the declarations that were there when it ran, so it
 * imports from the cells themselves.
 */
export function executedCell(cell: Cell, earlier: EarlierNames): string {
  const imported = new Map<number, string[]>();
  const prelude: string[] = [];
  for (const [name, { kind, slot }] of usedNames(cell, earlier)) {
    if (isVariable(kind)) prelude.push(`declare let ${name}: typeof import("./${cellFile(slot)}").${name};`);
    else imported.set(slot, [...(imported.get(slot) ?? []), name]);
  }
  for (const [slot, names] of imported)
    prelude.push(`import { ${names.join(", ")} } from "./${cellFile(slot)}";`);
  return `${prelude.join(" ")}\n${cell.text}\n${exportLine(cell)}`;
}

/** The document of an executed cell whose types take too long: its names, without types. */
export function untypedCell(cell: Cell): string {
  const parameters = ["A", "B", "C", "D"].map((name) => `${name} = any`).join(", ");
  const names = [...lastingNames(cell)].map(
    ([name]) => `export declare let ${name}: any; export type ${name}<${parameters}> = any;`,
  );
  return names.join("\n") || "export {};";
}

/** The document that re-exports the newest declaration of every name; `augmenting` cells need to be loaded anyway. */
export function namesDocument(earlier: EarlierNames, augmenting: Iterable<number>): string {
  const bySlot = new Map<number, string[]>();
  for (const slot of augmenting) bySlot.set(slot, []);
  for (const [name, { slot }] of earlier) bySlot.set(slot, [...(bySlot.get(slot) ?? []), name]);
  const lines = [...bySlot].map(
    ([slot, names]) => `export { ${names.join(", ")} } from "./${cellFile(slot)}";`,
  );
  return lines.join("\n") || "export {};";
}

/** The names of earlier cells that a cell uses. */
export function usedNames(cell: Cell, earlier: EarlierNames): Map<string, EarlierName> {
  return new Map([...earlier].filter(([name]) => cell.words.has(name) && !cell.names.has(name)));
}

/** The names that later cells see: what `using` declares has been disposed of when the cell ends. */
export function lastingNames(cell: Cell): Map<string, DeclaredKind> {
  return new Map([...cell.names].filter(([, kind]) => kind !== "using"));
}

/** An import cannot be assigned to; declared like this, a right assignment passes and a wrong one is an error. */
function isVariable(kind: DeclaredKind): boolean {
  return kind === "let" || kind === "var";
}

function exportLine(cell: Cell): string {
  const names = cell.valid ? [...lastingNames(cell).keys()].filter((name) => !cell.exported.has(name)) : [];
  const globals = [...cell.globals].map((name) => `var ${name}: any;`).join(" ");
  return `export { ${names.join(", ")} };${globals && ` declare global { ${globals} }`}`;
}
