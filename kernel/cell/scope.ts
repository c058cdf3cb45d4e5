// What is known of a program's names: scopes, identifiers and the loops at the top level.
import type { AwaitExpression, MetaProperty, Node, VariableDeclaration } from "oxc-parser";

export class Scope {
  /** Name → what declares it. */
  names = new Map<string, string>();
  readonly parent: Scope | null;
  readonly isFunction: boolean;

  constructor(parent: Scope | null, isFunction: boolean) {
    this.parent = parent;
    this.isFunction = isFunction;
  }

  get function(): Scope {
    return this.isFunction || !this.parent ? this : this.parent.function;
  }

  resolve(name: string): Scope | null {
    return this.names.has(name) ? this : (this.parent?.resolve(name) ?? null);
  }
}

/** `function`: the name of a function declaration; `own`: that of a class or an expression, which keeps it. */
export type Role = "read" | "write" | "import" | "function" | "own";

export interface Identifier {
  readonly node: { name: string; start: number; end: number };
  name: string;
  readonly role: Role;
  /** Stands for key and value, as in `{ a }`. */
  readonly shorthand: boolean;
  readonly scope: Scope;
  /** The scope that declares the name; null for globals and names of earlier cells. */
  binding: Scope | null;
  /** Inside of a function, so it may be used when the cell has ended. */
  readonly inFunction: boolean;
}

/** An outermost loop at the top level. */
export interface Loop {
  readonly node: Node;
  /** Its identifiers are these of the analysis, up to but not including `to`. */
  readonly from: number;
  to: number;
  /** Other code may run while it waits. */
  isAsync: boolean;
}

export interface Analysis {
  readonly top: Scope;
  readonly identifiers: Identifier[];
  readonly importMetas: MetaProperty[];
  readonly awaits: AwaitExpression[];
  /** `var` declarations of the top level, wherever they stand. */
  readonly topVars: VariableDeclaration[];
  readonly loops: Loop[];
  /** There is an `await` outside of functions. */
  isAsync: boolean;
  /** There is a call of `eval` or `Function`, whose code can see every name. */
  callsEval: boolean;
  /** The name of an import is declared a second time, which the parser of TypeScript allows (it may be a type). */
  redeclaresImport: boolean;
}
