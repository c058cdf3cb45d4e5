// What the documents of later cells must know of a cell: the names it declares at its top level.
import type { Node, Program } from "oxc-parser";
import { visitorKeys } from "oxc-parser";
import type { DeclaredKind } from "../cell/compiled.ts";
import { namesOf } from "../cell/names.ts";
import { normalise, parseTypeScript } from "../cell/source.ts";

export interface Cell {
  /** The text for the server: as long as the source, line by line. */
  readonly text: string;
  /** If a name is both a value and a type, the kind of the value. */
  readonly names: ReadonlyMap<string, DeclaredKind>;
  /** Names that the cell exports itself. */
  readonly exported: ReadonlySet<string>;
  /** Names given to `globalThis`. */
  readonly globals: ReadonlySet<string>;
  /** The cell changes types everywhere: `declare global`, `declare module`, `globalThis.x = …`. */
  readonly augments: boolean;
  /** Every identifier in the text, comments and strings included. */
  readonly words: ReadonlySet<string>;
  readonly valid: boolean;
}

export function readCell(source: string): Cell {
  const text = textForServer(source);
  const { program, errors } = parseTypeScript(text);
  const globals = new Set<string>();
  for (const statement of program.body) readGlobals(statement, globals);
  return {
    text,
    names: declaredNames(program),
    exported: exportedNames(program),
    globals,
    augments: globals.size > 0 || program.body.some(declaresElsewhere),
    words: new Set(text.match(/[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/gu)),
    valid: errors.length === 0,
  };
}

/** Same length, so that positions agree; for the server a lone carriage return ends a line. */
function textForServer(source: string): string {
  const mark = source.startsWith("\uFEFF") ? " " : "";
  return mark + normalise(source).replace(/\r(?!\n)/g, "\n");
}

function declaredNames(program: Program): Map<string, DeclaredKind> {
  const names = new Map<string, DeclaredKind>();
  for (const { name, kind } of namesOf(program)) {
    const isType = kind === "interface" || kind === "type" || kind === "namespace";
    if (!isType || !names.has(name)) names.set(name, kind);
  }
  return names;
}

function exportedNames(program: Program): Set<string> {
  const names = new Set<string>();
  for (const statement of program.body) {
    if (statement.type !== "ExportNamedDeclaration") continue;
    if (statement.declaration) {
      const inside = { ...program, body: [statement] };
      for (const { name } of namesOf(inside)) names.add(name);
    }
    for (const { exported } of statement.specifiers)
      names.add(exported.type === "Literal" ? exported.value : exported.name);
  }
  return names;
}

/** `declare global` and `declare module "…"`. */
function declaresElsewhere(statement: Node): boolean {
  return (
    statement.type === "TSModuleDeclaration" &&
    (statement.kind === "global" || statement.id.type === "Literal")
  );
}

/** `globalThis.name = …` and `globalThis["name"] = …`, wherever they run with the cell. */
function readGlobals(node: Node, globals: Set<string>): void {
  if (/^(Function|Arrow|Class|TS)/.test(node.type)) return;
  if (node.type === "AssignmentExpression" && node.left.type === "MemberExpression") {
    const { object, property } = node.left;
    const name =
      property.type === "Identifier" && !node.left.computed
        ? property.name
        : property.type === "Literal" && property.value;
    if (object.type === "Identifier" && object.name === "globalThis" && isName(name)) globals.add(name);
  }
  for (const key of visitorKeys[node.type] ?? []) {
    const child = (node as unknown as Record<string, unknown>)[key];
    for (const part of Array.isArray(child) ? child : [child]) if (part) readGlobals(part as Node, globals);
  }
}

function isName(value: unknown): value is string {
  return typeof value === "string" && /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(value);
}
