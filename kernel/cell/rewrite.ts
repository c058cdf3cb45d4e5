// Declarations at the top level become assignments to slots, and the last expression the value of the cell.
import type MagicString from "magic-string";
import type {
  Class,
  ExportDefaultDeclaration,
  Expression,
  ExpressionStatement,
  Function as FunctionNode,
  Program,
  VariableDeclaration,
} from "oxc-parser";
import { nameEnd } from "./erase.ts";
import { patternNames } from "./names.ts";
import type { Position } from "./positions.ts";
import type { Analysis } from "./scope.ts";
import type { Slots } from "./slots.ts";

/** Names for the script's own use that do not occur in the cell. */
export interface OwnNames {
  /** The argument of the body: `{ meta, loop, awaited }`. */
  readonly context: string;
  /** The argument of `setImports`. */
  readonly imports: string;
  /** The function around the last expression. */
  readonly mark: string;
  /** What the names of variables for loops begin with. */
  readonly loop: string;
}

/** A cell without its types. */
export interface JavaScript {
  readonly code: string;
  readonly program: Program;
  /** The last statement, if it is an expression that is not marked in the code. */
  readonly value: ExpressionStatement | null;
  /** Names of enums and namespaces: a second run must not merge with the objects of the first. */
  readonly objects: readonly string[];
  /** Position in the code → position in the cell. */
  toCell(position: Position): Position | null;
}

export class Rewriter {
  readonly #script: MagicString;
  readonly #slots: Slots;
  readonly #own: OwnNames;
  #mentions = new Map<string, number[]>();

  constructor(script: MagicString, slots: Slots, own: OwnNames) {
    this.#script = script;
    this.#slots = slots;
    this.#own = own;
  }

  rewrite({ program, value }: JavaScript, analysis: Analysis): void {
    this.#mentions = this.#topMentions(analysis);
    this.#identifiers(analysis);
    for (const meta of analysis.importMetas)
      this.#script.update(meta.start, meta.end, `${this.#own.context}.meta`);
    for (const { start, end } of analysis.awaits) {
      this.#script.appendRight(start, `${this.#own.context}.awaited(`);
      this.#script.appendLeft(end, ")");
    }
    const statements = new Set<unknown>(program.body);
    for (const node of analysis.topVars) if (!statements.has(node)) this.#variables(node);
    for (const statement of program.body) {
      const exported = statement.type === "ExportNamedDeclaration" ? statement.declaration : null;
      if (exported) this.#script.remove(statement.start, exported.start);
      const node = exported ?? statement;
      switch (node.type) {
        case "ImportDeclaration":
        case "ExportAllDeclaration":
        case "ExportNamedDeclaration":
          this.#script.remove(node.start, node.end);
          break;
        case "ExportDefaultDeclaration":
          this.#exportDefault(node);
          break;
        case "VariableDeclaration":
          this.#variables(node);
          break;
        case "FunctionDeclaration":
          this.#function(node, node.start);
          break;
        case "ClassDeclaration":
          this.#class(node);
          break;
        case "ExpressionStatement":
          if (node === value) this.#value(node);
          else this.#marked(node);
      }
    }
  }

  #identifiers({ identifiers }: Analysis): void {
    for (const identifier of identifiers) {
      const { node, name, role, shorthand } = identifier;
      const isTop = this.#slots.isTop(identifier);
      if (role === "import" || (role === "function" && isTop)) continue; // rewritten with its declaration
      const written = isTop && role !== "own" ? this.#slots.of(name) : name;
      const end = nameEnd(this.#script.original, node);
      if (written === this.#script.original.slice(node.start, end)) continue;
      this.#script.update(node.start, end, shorthand ? `${name}: ${written}` : written);
    }
  }

  /** `const {a} = f(), b = 1, c` → `({a} = f()), b = 1, c = void 0`; a `var` without a value keeps the old one. */
  #variables({ kind, declarations, start }: VariableDeclaration): void {
    if (kind.endsWith("using")) return;
    const names = declarations.flatMap(({ id }) => patternNames(id));
    if (names.every((name) => this.#slots.isLocal(name))) return;
    this.#script.remove(start, declarations[0]!.start);
    for (const { id, init, start, end } of declarations) {
      if (!init) {
        if (kind !== "var") this.#script.appendLeft(end, " = void 0");
      } else if (id.type === "Identifier" && this.#slots.of(id.name) !== id.name && isNameless(init)) {
        // It takes the name of what it is assigned to, and that is not the user's.
        this.#script.appendRight(init.start, `{ ${id.name}: `);
        this.#script.appendLeft(init.end, ` }.${id.name}`);
      } else if (id.type === "ObjectPattern") {
        this.#script.appendRight(start, "(");
        this.#script.appendLeft(end, ")");
      }
    }
  }

  /** Name → where the cell mentions this top-level name. */
  #topMentions({ identifiers }: Analysis): Map<string, number[]> {
    const mentions = new Map<string, number[]>();
    for (const identifier of identifiers) {
      if (identifier.role === "function" || !this.#slots.isTop(identifier)) continue;
      const places = mentions.get(identifier.name);
      if (places) places.push(identifier.node.start);
      else mentions.set(identifier.name, [identifier.node.start]);
    }
    return mentions;
  }

  /**
   * `function f` → `f = function f`, moved to the top. Without the name where the function mentions itself: V8 names it
   * all the same, and recursion goes through the slot. Where the slot has another name, all mentions say slot.
   */
  #function(node: FunctionNode, start: number): void {
    const { name, end } = node.id!;
    const slot = this.#slots.of(name);
    const isRecursive = this.#mentions.get(name)?.some((place) => place > start && place < node.end);
    const isNamed = slot !== name || !isRecursive;
    const keyword = `${node.async ? "async " : ""}function${node.generator ? "*" : ""}`;
    this.#script.update(start, end, `${slot} = ${keyword}${isNamed ? ` ${name}` : ""}`);
    this.#script.appendLeft(node.end, ";\n");
    if (start > 0) this.#script.move(start, node.end, 0);
  }

  #class(node: Class): void {
    const { name } = node.id!;
    if (this.#slots.isLocal(name)) return;
    this.#script.appendRight(node.start, `${this.#slots.of(name)} = `);
    this.#script.appendLeft(node.end, ";");
  }

  /** A default export without a name is evaluated and kept nowhere. */
  #exportDefault(node: ExportDefaultDeclaration): void {
    const { declaration } = node;
    if (declaration.type === "FunctionDeclaration" && declaration.id) {
      this.#function(declaration, node.start);
    } else if (declaration.type === "ClassDeclaration" && declaration.id) {
      this.#script.remove(node.start, declaration.start);
      this.#class(declaration);
    } else {
      const keywords = node.start + "export default".length;
      this.#script.update(node.start, keywords, `${this.#own.context}.default =`);
      if (declaration.type.endsWith("Declaration")) this.#script.appendLeft(declaration.end, ";");
    }
  }

  /** `f` → `return { value: (0, f) }`; without the comma a function without a name would be named `value`. */
  #value({ expression, end }: ExpressionStatement): void {
    this.#script.appendRight(expression.start, "return { value: (0, ");
    this.#script.appendLeft(expression.end, ") }");
    if (this.#script.original[end - 1] !== ";") this.#script.appendLeft(end, ";");
  }

  /** The same for `$last(f)`. */
  #marked({ expression, start, end }: ExpressionStatement): void {
    if (expression.type !== "CallExpression") return;
    const { callee } = expression;
    if (callee.type !== "Identifier" || callee.name !== this.#own.mark) return;
    this.#script.update(start, callee.end + 1, "return { value: (0, ");
    this.#script.update(expression.end - 1, end, ") };");
  }
}

function isNameless(node: Expression): boolean {
  if (node.type === "ArrowFunctionExpression") return true;
  return (node.type === "FunctionExpression" || node.type === "ClassExpression") && node.id === null;
}
