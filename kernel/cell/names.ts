// The names that a cell declares at its top level, read from its TypeScript.
import {
  type BindingPattern,
  type Node,
  type Program,
  type TSGlobalDeclaration,
  type TSModuleDeclaration,
  visitorKeys,
} from "oxc-parser";
import type { DeclaredKind, DeclaredName } from "./compiled.ts";

export function namesOf(program: Program): DeclaredName[] {
  const names = new Map<string, DeclaredName>();
  const declare = (name: string, kind: DeclaredKind) => names.set(`${kind} ${name}`, { name, kind });
  for (const statement of program.body) {
    readStatement(declarationIn(statement), declare);
    readNestedVars(statement, declare);
  }
  return [...names.values()];
}

/** Names of the enums and namespaces, whose code adds to an object that exists. */
export function objectsOf(program: Program): string[] {
  const names = new Set<string>();
  for (const statement of program.body) {
    const node = declarationIn(statement);
    if (node.type === "TSEnumDeclaration" && !node.declare) names.add(node.id.name);
    if (node.type === "TSModuleDeclaration" && !node.declare) {
      const name = namespaceName(node);
      if (name) names.add(name);
    }
  }
  return [...names];
}

/** The plain names in a pattern: `{ a, b: [c = 1] }` → a, c. */
export function patternNames(pattern: Node | null): string[] {
  switch (pattern?.type) {
    case "Identifier":
      return [pattern.name];
    case "ObjectPattern":
      return pattern.properties.flatMap((p) => patternNames(p.type === "RestElement" ? p.argument : p.value));
    case "ArrayPattern":
      return pattern.elements.flatMap((element) => patternNames(element as BindingPattern | null));
    case "AssignmentPattern":
      return patternNames(pattern.left);
    case "RestElement":
      return patternNames(pattern.argument);
    default:
      return [];
  }
}

type Declare = (name: string, kind: DeclaredKind) => void;

function declarationIn(statement: Node): Node {
  const exported =
    statement.type === "ExportNamedDeclaration" || statement.type === "ExportDefaultDeclaration";
  return (exported && statement.declaration) || statement;
}

function readStatement(node: Node, declare: Declare): void {
  switch (node.type) {
    case "VariableDeclaration": {
      const kind = node.kind === "await using" ? "using" : node.kind;
      for (const declarator of node.declarations)
        for (const name of patternNames(declarator.id)) declare(name, kind);
      break;
    }
    case "FunctionDeclaration":
    case "TSDeclareFunction":
      if (node.id) declare(node.id.name, "function");
      break;
    case "ClassDeclaration":
      if (node.id) declare(node.id.name, "class");
      break;
    case "TSInterfaceDeclaration":
      declare(node.id.name, "interface");
      break;
    case "TSTypeAliasDeclaration":
      declare(node.id.name, "type");
      break;
    case "TSEnumDeclaration":
      declare(node.id.name, "enum");
      break;
    case "TSModuleDeclaration": {
      const name = namespaceName(node);
      if (name) declare(name, "namespace");
      break;
    }
    case "TSImportEqualsDeclaration":
      declare(node.id.name, "import");
      break;
    case "ImportDeclaration":
      for (const specifier of node.specifiers) declare(specifier.local.name, "import");
  }
}

/** `var` in blocks and in heads of loops belongs to the top level too. */
function readNestedVars(node: Node, declare: Declare): void {
  if (node.type === "VariableDeclaration" && node.kind === "var") readStatement(node, declare);
  // Only these hold statements outside of functions.
  if (!/(?:Statement|Case|Clause)$/.test(node.type)) return;
  for (const key of visitorKeys[node.type] ?? []) {
    const child = (node as unknown as Record<string, unknown>)[key];
    for (const part of Array.isArray(child) ? child : [child])
      if (part) readNestedVars(part as Node, declare);
  }
}

/** `A` of `namespace A.B {}`; null for `declare module "x"` and `declare global`, which declare no name. */
function namespaceName(node: TSModuleDeclaration | TSGlobalDeclaration): string | null {
  let id: Node = node.id;
  while (id.type === "TSQualifiedName") id = id.left;
  return id.type === "Identifier" && node.kind !== "global" ? id.name : null;
}
