// Declarations at the top level become assignments to slots, and the last expression the value of the cell.
import type MagicString from "magic-string";
import type {
  Class,
  ExportDefaultDeclaration,
  ExpressionStatement,
  Function as FunctionNode,
  Program,
  VariableDeclaration,
} from "oxc-parser";
import { patternNames } from "./names.ts";
import type { Analysis } from "./scope.ts";
import type { Slots } from "./slots.ts";

/** Names for the script's own use that do not occur in the cell. */
export interface OwnNames {
  /** The argument of the body: `{ meta, loop }`. */
  readonly context: string;
  /** The argument of `setImports`. */
  readonly imports: string;
  /** The function around the last expression. */
  readonly mark: string;
  /** What the names of variables for loops begin with. */
  readonly loop: string;
}

export class Rewriter {
  readonly #script: MagicString;
  readonly #slots: Slots;
  readonly #own: OwnNames;

  constructor(script: MagicString, slots: Slots, own: OwnNames) {
    this.#script = script;
    this.#slots = slots;
    this.#own = own;
  }

  rewrite(program: Program, analysis: Analysis): void {
    this.#identifiers(analysis);
    for (const meta of analysis.importMetas)
      this.#script.update(meta.start, meta.end, `${this.#own.context}.meta`);
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
          this.#expression(node);
      }
    }
  }

  #identifiers({ identifiers }: Analysis): void {
    for (const identifier of identifiers) {
      const { node, name, role, shorthand } = identifier;
      const isTop = this.#slots.isTop(identifier);
      if (role === "import" || (role === "function" && isTop)) continue; // rewritten with its declaration
      const written = isTop && role !== "own" ? this.#slots.of(name) : name;
      if (written === this.#script.original.slice(node.start, node.end)) continue;
      this.#script.update(node.start, node.end, shorthand ? `${name}: ${written}` : written);
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
      } else if (id.type === "ObjectPattern") {
        this.#script.appendRight(start, "(");
        this.#script.appendLeft(end, ")");
      }
    }
  }

  /**
   * `function f` → `f = function`, moved to the top. Anonymous on purpose: V8 names it `f` all the same, and
   * recursion goes through the slot. Where the slot has another name, the function gets its own; all uses say slot.
   */
  #function(node: FunctionNode, start: number): void {
    const { name, end } = node.id!;
    const slot = this.#slots.of(name);
    const keyword = `${node.async ? "async " : ""}function${node.generator ? "*" : ""}`;
    this.#script.update(start, end, `${slot} = ${keyword}${slot === name ? "" : ` ${name}`}`);
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

  /** `$last(f)` → `return { value: (0, f) }`; without the comma a function without a name would be named `value`. */
  #expression({ expression, start, end }: ExpressionStatement): void {
    if (expression.type !== "CallExpression") return;
    const { callee } = expression;
    if (callee.type !== "Identifier" || callee.name !== this.#own.mark) return;
    this.#script.update(start, callee.end + 1, "return { value: (0, ");
    this.#script.update(expression.end - 1, end, ") };");
  }
}
