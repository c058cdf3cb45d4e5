// Reads a program (ESTree): which identifier means which variable, where it waits, which loops are at the top level.
import {
  type ArrowFunctionExpression,
  type Class,
  type Function as FunctionNode,
  type ImportDeclaration,
  type ImportDeclarationSpecifier,
  type Node,
  type Program,
  type VariableDeclaration,
  visitorKeys,
} from "oxc-parser";
import { type Analysis, type Identifier, type Loop, type Role, Scope } from "./scope.ts";

interface Context {
  readonly scope: Scope;
  readonly inFunction: boolean;
  readonly loop: Loop | null;
}

/** What the names in a pattern are: declared in a scope, or assigned to. */
interface Target {
  readonly declare: { readonly scope: Scope; readonly kind: string } | null;
  readonly role: Role;
  readonly shorthand: boolean;
}

const ASSIGNED: Target = { declare: null, role: "write", shorthand: false };

export function analyse(program: Program): Analysis {
  const reader = new Reader();
  for (const node of program.body)
    reader.read(node, { scope: reader.analysis.top, inFunction: false, loop: null });
  for (const identifier of reader.analysis.identifiers)
    identifier.binding = identifier.scope.resolve(identifier.name);
  return reader.analysis;
}

class Reader {
  readonly analysis: Analysis = {
    top: new Scope(null, true),
    identifiers: [],
    importMetas: [],
    awaits: [],
    topVars: [],
    loops: [],
    isAsync: false,
    callsEval: false,
    redeclaresImport: false,
  };

  read(node: Node, context: Context): void {
    if ("declare" in node && node.declare) return;
    switch (node.type) {
      case "Identifier":
        this.#add(node, context, "read");
        break;
      case "VariableDeclaration":
        this.#variables(node, context);
        break;
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        this.#function(node, context);
        break;
      case "ClassDeclaration":
      case "ClassExpression":
        this.#class(node, context);
        break;
      case "BlockStatement":
      case "SwitchStatement":
        this.#children(node, block(context));
        break;
      case "CatchClause": {
        const inner = block(context);
        if (node.param) this.#pattern(node.param, inner, declaredIn(inner.scope, "let"));
        this.read(node.body, inner);
        break;
      }
      case "LabeledStatement":
      case "ForStatement":
      case "ForInStatement":
      case "ForOfStatement":
      case "WhileStatement":
      case "DoWhileStatement":
        this.#loop(node, context);
        break;
      case "AssignmentExpression":
        this.#pattern(node.left, context, ASSIGNED);
        this.read(node.right, context);
        break;
      case "UpdateExpression":
        this.#pattern(node.argument, context, ASSIGNED);
        break;
      case "MemberExpression":
        this.read(node.object, context);
        if (node.computed) this.read(node.property, context);
        break;
      case "Property":
        if (node.computed) this.read(node.key, context);
        if (node.shorthand && node.value.type === "Identifier") this.#add(node.value, context, "read", true);
        else this.read(node.value, context);
        break;
      case "MetaProperty":
        if (node.meta.name === "import") this.analysis.importMetas.push(node);
        break;
      case "AwaitExpression":
        this.analysis.awaits.push(node);
        this.#pause(context);
        this.read(node.argument, context);
        break;
      case "CallExpression":
      case "NewExpression": {
        const callee = bare(node.callee);
        if (callee.type === "Identifier" && /^(?:eval|Function)$/.test(callee.name))
          this.analysis.callsEval = true;
        this.#children(node, context);
        break;
      }
      case "ImportDeclaration":
        for (const specifier of valueSpecifiers(node))
          this.#pattern(specifier.local, context, {
            ...declaredIn(this.analysis.top, "import"),
            role: "import",
          });
        break;
      case "ExportNamedDeclaration":
        if (node.declaration) this.read(node.declaration, context);
        break;
      case "BreakStatement":
      case "ContinueStatement":
      case "ExportAllDeclaration":
        break;
      case "TSAsExpression":
      case "TSSatisfiesExpression":
      case "TSTypeAssertion":
      case "TSNonNullExpression":
      case "TSInstantiationExpression":
        this.read(node.expression, context);
        break;
      default:
        if (!node.type.startsWith("TS")) this.#children(node, context);
        break;
    }
  }

  #children(node: Node, context: Context): void {
    for (const key of visitorKeys[node.type] ?? []) {
      const child = (node as unknown as Record<string, Node | (Node | null)[] | null>)[key];
      if (Array.isArray(child)) {
        for (const part of child) if (part) this.read(part, context);
      } else if (child) this.read(child, context);
    }
  }

  #add(node: Identifier["node"], context: Context, role: Role, shorthand = false): Identifier {
    const { scope, inFunction } = context;
    const identifier = { node, name: node.name, role, shorthand, scope, binding: null, inFunction };
    this.analysis.identifiers.push(identifier);
    return identifier;
  }

  #declare(scope: Scope, name: string, kind: string): void {
    const earlier = scope.names.get(name);
    if (earlier !== undefined && (earlier === "import" || kind === "import"))
      this.analysis.redeclaresImport = true;
    scope.names.set(name, kind);
  }

  #pattern(node: Node, context: Context, target: Target): void {
    const inner = { ...target, shorthand: false };
    switch (node.type) {
      case "Identifier": {
        const { declare, role, shorthand } = target;
        if (declare) this.#declare(declare.scope, node.name, declare.kind);
        this.#add(node, declare ? { ...context, scope: declare.scope } : context, role, shorthand);
        return;
      }
      case "ObjectPattern":
        for (const property of node.properties) {
          if (property.type === "RestElement") this.#pattern(property.argument, context, inner);
          else {
            if (property.computed) this.read(property.key, context);
            this.#pattern(property.value, context, { ...target, shorthand: property.shorthand });
          }
        }
        return;
      case "ArrayPattern":
        for (const element of node.elements) if (element) this.#pattern(element, context, inner);
        return;
      case "AssignmentPattern":
        this.#pattern(node.left, context, target);
        this.read(node.right, context);
        return;
      case "RestElement":
        this.#pattern(node.argument, context, inner);
        return;
      case "ParenthesizedExpression":
      case "TSAsExpression":
      case "TSSatisfiesExpression":
      case "TSTypeAssertion":
      case "TSNonNullExpression":
        this.#pattern(node.expression, context, target);
        return;
      default:
        this.read(node, context);
    }
  }

  #variables(node: VariableDeclaration, context: Context): void {
    const scope = node.kind === "var" ? context.scope.function : context.scope;
    if (scope === this.analysis.top && node.kind === "var") this.analysis.topVars.push(node);
    if (node.kind === "await using") this.#pause(context);
    for (const { id, init } of node.declarations) {
      this.#pattern(id, context, declaredIn(scope, node.kind));
      if (init) this.read(init, context);
    }
  }

  #function(node: FunctionNode | ArrowFunctionExpression, context: Context): void {
    let outer = context;
    if (node.type === "FunctionDeclaration" && node.id) {
      this.#declare(context.scope, node.id.name, "function");
      this.#add(node.id, context, "function");
    } else if (node.type === "FunctionExpression" && node.id) {
      outer = block(context);
      outer.scope.names.set(node.id.name, "function");
      this.#add(node.id, outer, "own");
    }
    const inner = functionBody(outer);
    for (const parameter of node.params) this.#pattern(parameter, inner, declaredIn(inner.scope, "let"));
    // The body's block is the scope of the parameters.
    if (node.body?.type === "BlockStatement") this.#children(node.body, inner);
    else if (node.body) this.read(node.body, inner);
  }

  #class(node: Class, context: Context): void {
    const inner = block(context);
    if (node.id) {
      const isDeclaration = node.type === "ClassDeclaration";
      if (isDeclaration) this.#declare(context.scope, node.id.name, "class");
      // The body sees an unchangeable binding of its own.
      inner.scope.names.set(node.id.name, "class");
      this.#add(node.id, isDeclaration ? context : inner, "own");
    }
    if (node.superClass) this.read(node.superClass, inner);
    for (const member of node.body.body) {
      if (member.type === "StaticBlock") this.#children(member, functionBody(inner));
      else if ("key" in member && !member.type.startsWith("TS")) {
        if (member.computed) this.read(member.key, inner);
        const isField = member.type === "PropertyDefinition" || member.type === "AccessorProperty";
        if (member.value) this.read(member.value, isField ? functionBody(inner) : inner);
      }
    }
  }

  #loop(node: Node, context: Context): void {
    const loop = unlabelled(node);
    if (!context.inFunction && !context.loop && loop.type !== "LabeledStatement" && isLoop(loop)) {
      const { identifiers, loops } = this.analysis;
      const found: Loop = { node, from: identifiers.length, to: 0, isAsync: false };
      loops.push(found);
      this.#loop(node, { ...context, loop: found });
      found.to = identifiers.length;
      return;
    }
    if (node.type === "LabeledStatement") {
      this.read(node.body, context);
      return;
    }
    const inner = block(context);
    switch (node.type) {
      case "ForStatement":
        for (const part of [node.init, node.test, node.update]) if (part) this.read(part, inner);
        this.read(node.body, inner);
        break;
      case "WhileStatement":
      case "DoWhileStatement":
        this.read(node.test, inner);
        this.read(node.body, inner);
        break;
      case "ForInStatement":
      case "ForOfStatement":
        if (node.type === "ForOfStatement" && node.await) this.#pause(inner);
        if (node.left.type === "VariableDeclaration") this.read(node.left, inner);
        else this.#pattern(node.left, inner, ASSIGNED);
        this.read(node.right, inner);
        this.read(node.body, inner);
        break;
    }
  }

  #pause(context: Context): void {
    if (context.loop) context.loop.isAsync = true;
    if (!context.inFunction) this.analysis.isAsync = true;
  }
}

/** Those of an import declaration that are not types. */
export function valueSpecifiers(node: ImportDeclaration): ImportDeclarationSpecifier[] {
  return node.specifiers.filter((one) => one.type !== "ImportSpecifier" || one.importKind !== "type");
}

/** `f` of `(f as any)`. */
function bare(node: Node): Node {
  let inner = node;
  while (/^(?:Parenthesized|TSAs|TSSatisfies|TSNonNull)Expression$/.test(inner.type))
    inner = (inner as Extract<Node, { type: "ParenthesizedExpression" }>).expression;
  return inner;
}

function isLoop(node: Node): boolean {
  return /^(For|ForIn|ForOf|While|DoWhile)Statement$/.test(node.type);
}

function unlabelled(node: Node): Node {
  let inner = node;
  while (inner.type === "LabeledStatement") inner = inner.body;
  return inner;
}

function block(context: Context): Context {
  return { ...context, scope: new Scope(context.scope, false) };
}

function functionBody(context: Context): Context {
  return { scope: new Scope(context.scope, true), inFunction: true, loop: null };
}

function declaredIn(scope: Scope, kind: string): Target {
  return { declare: { scope, kind }, role: "write", shorthand: false };
}
