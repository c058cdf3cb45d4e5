// TypeScript → JavaScript by leaving the types out: what is left stands where the user wrote it, in the user's format.
//
// It works on the syntax tree that the compiler needs anyway, so it costs next to nothing. What is more than a type
// (enum, namespace, parameter property, decorator, accessor) is left to esbuild, see typescript.ts; so are rare layouts
// in which leaving a type out would change how JavaScript reads the lines.
import type MagicString from "magic-string";
import { type Class, type Node, type Program, visitorKeys } from "oxc-parser";

/** Thrown for a cell with syntax that cannot just be left out. */
export class NeedsLowering extends Error {}

const NAME = /(?:[\p{ID_Continue}$\u200c\u200d]|\\u(?:[\da-fA-F]{4}|\{[\da-fA-F]+\}))+/uy;
const MODIFIERS = /\b(?:public|private|protected|readonly|override)\b/g;

/** Where the name of an identifier ends; its node includes `?` and the type. */
export function nameEnd(
  text: string,
  { name, start, end }: { name: string; start: number; end: number },
): number {
  if (end - start === name.length) return end;
  NAME.lastIndex = start;
  return start + (NAME.exec(text)?.[0].length ?? name.length);
}

/** Leaves the types out of the script and statements of types out of the program; may throw NeedsLowering. */
export function eraseTypes(program: Program, script: MagicString): void {
  const eraser = new Eraser(script);
  eraser.statements(program.body);
  program.body = program.body.filter((statement) => !isTypeStatement(statement));
}

class Eraser {
  readonly #script: MagicString;
  readonly #text: string;
  /** Where removed text ended: a semicolon that was not needed there may be needed now. */
  readonly #ends = new Set<number>();

  constructor(script: MagicString) {
    this.#script = script;
    this.#text = script.original;
  }

  statements(statements: readonly Node[]): void {
    for (const statement of statements) {
      this.#node(statement);
      this.#end(statement);
    }
  }

  #node(node: Node): void {
    if (isTypeStatement(node)) {
      this.#script.update(node.start, node.end, ";");
      return;
    }
    switch (node.type) {
      case "TSEnumDeclaration":
      case "TSModuleDeclaration":
      case "TSParameterProperty":
      case "TSImportEqualsDeclaration":
      case "TSExportAssignment":
      case "TSNamespaceExportDeclaration":
      case "AccessorProperty":
      case "Decorator":
        throw new NeedsLowering();
      case "Identifier":
        this.#remove(nameEnd(this.#text, node), node.end);
        return;
      case "TSTypeAnnotation":
      case "TSTypeParameterDeclaration":
      case "TSTypeParameterInstantiation":
        this.#remove(node.start, node.end);
        return;
      case "ImportDeclaration":
        return; // read as data
      case "TSAsExpression":
      case "TSSatisfiesExpression":
        this.#node(node.expression);
        this.#cast(node.expression, node.typeAnnotation, node.type === "TSAsExpression" ? "as" : "satisfies");
        return;
      case "TSTypeAssertion": {
        // In brackets, so that `<T>{}` stays an object and `return <T>⏎x` returns it.
        const close = this.#text.indexOf(">", node.typeAnnotation.end) + 1;
        this.#script.update(node.start, close, "(");
        this.#node(node.expression);
        this.#script.appendLeft(node.end, ")");
        return;
      }
      case "TSNonNullExpression":
        this.#node(node.expression);
        this.#remove(node.end - 1, node.end);
        return;
      case "ArrowFunctionExpression":
        this.#arrow(node);
        break;
      case "ClassDeclaration":
      case "ClassExpression":
        this.#class(node);
        return;
      case "BlockStatement":
      case "StaticBlock":
        this.statements(node.body as Node[]);
        return;
      case "SwitchCase":
        if (node.test) this.#node(node.test);
        this.statements(node.consequent);
        return;
      case "ObjectPattern":
      case "ArrayPattern":
        if ("optional" in node && node.optional) throw new NeedsLowering();
        break;
    }
    if ("params" in node && Array.isArray(node.params)) this.#thisParameter(node.params as Node[]);
    this.#children(node);
  }

  #children(node: Node): void {
    for (const key of visitorKeys[node.type] ?? []) {
      const child = (node as unknown as Record<string, Node | (Node | null)[] | null>)[key];
      if (Array.isArray(child)) {
        for (const part of child) if (part) this.#node(part);
      } else if (child) this.#node(child);
    }
  }

  #remove(start: number, end: number): void {
    if (start >= end) return;
    this.#script.remove(start, end);
    this.#ends.add(end);
  }

  #end(node: Node): void {
    if (this.#ends.has(node.end) && this.#text[node.end - 1] !== ";") this.#script.appendLeft(node.end, ";");
  }

  /** ` as T`, with the blanks in front of it. */
  #cast(expression: Node, type: Node, keyword: string): void {
    let start = this.#text.lastIndexOf(keyword, type.start - 1);
    if (start < expression.end) throw new NeedsLowering();
    while (/[ \t]/.test(this.#text[start - 1] as string)) start--;
    this.#remove(start, type.end);
  }

  /** `function f(this: T, a)`: such a parameter is a type too. */
  #thisParameter(params: Node[]): void {
    const [first, second] = params;
    if (first?.type !== "Identifier" || first.name !== "this") return;
    const comma = /^\s*,/.exec(this.#text.slice(first.end))?.[0].length ?? 0;
    this.#script.remove(first.start, second?.start ?? first.end + comma);
    params.shift();
  }

  /** No line may end before the arrow, nor behind `async`. */
  #arrow(node: Extract<Node, { type: "ArrowFunctionExpression" }>): void {
    const { returnType, typeParameters, start } = node;
    if (returnType && !/\)[ \t]*$/.test(this.#text.slice(start, returnType.start))) throw new NeedsLowering();
    if (!typeParameters) return;
    const around = this.#text.slice(start, typeParameters.start) + this.#text.slice(typeParameters.end);
    if (!/^(?:async)?[ \t]*\(/.test(around)) throw new NeedsLowering();
  }

  #class(node: Class): void {
    if (node.decorators.length > 0) throw new NeedsLowering();
    if (node.abstract) {
      const keyword = this.#text.indexOf("class", node.start);
      this.#script.remove(node.start, keyword);
    }
    if (node.typeParameters) this.#node(node.typeParameters);
    if (node.superClass) this.#node(node.superClass);
    if (node.superTypeArguments) this.#node(node.superTypeArguments);
    const [first] = node.implements ?? [];
    const last = node.implements?.at(-1);
    if (first && last) this.#script.remove(this.#text.lastIndexOf("implements", first.start), last.end);
    for (const member of node.body.body) {
      this.#member(member);
      this.#end(member);
    }
  }

  #member(member: Class["body"]["body"][number]): void {
    if (member.type === "TSIndexSignature" || isTypeMember(member)) {
      this.#script.update(member.start, member.end, ";");
      return;
    }
    if (member.type === "StaticBlock") {
      this.statements(member.body);
      return;
    }
    if (member.type === "AccessorProperty" || member.decorators.length > 0) throw new NeedsLowering();
    const { key, value, computed } = member;
    this.#modifiers(member.start, key.start);
    if (computed) this.#node(key);
    const keyEnd = computed ? this.#text.indexOf("]", key.end) + 1 : key.end;
    if (member.type === "PropertyDefinition") {
      const typeEnd = member.typeAnnotation?.end ?? this.#markEnd(keyEnd, member.optional || member.definite);
      this.#remove(keyEnd, typeEnd);
    } else {
      this.#remove(keyEnd, this.#markEnd(keyEnd, member.optional));
    }
    if (value) this.#node(value);
  }

  /** The end of the `?` or `!` behind a name. */
  #markEnd(start: number, isThere: boolean | undefined): number {
    return isThere ? start + (/^\s*[?!]/.exec(this.#text.slice(start, start + 100))?.[0].length ?? 0) : start;
  }

  /** In front of a member; with a semicolon, for the line before may now go on with `[key]` or `*generator`. */
  #modifiers(start: number, end: number): void {
    const words = this.#text.slice(start, end);
    if (!/[^\s*[]/.test(words)) return;
    if (words.includes("/")) throw new NeedsLowering(); // a comment
    for (const { index, 0: word } of words.matchAll(MODIFIERS)) {
      if (index === 0) this.#script.update(start, start + word.length, ";");
      else this.#script.remove(start + index, start + index + word.length + 1);
    }
  }
}

/** A statement that declares nothing but types. */
function isTypeStatement(node: Node): boolean {
  switch (node.type) {
    case "TSInterfaceDeclaration":
    case "TSTypeAliasDeclaration":
    case "TSDeclareFunction":
      return true;
    case "ExportNamedDeclaration":
      return node.declaration ? isTypeStatement(node.declaration) : node.exportKind === "type";
    case "ExportDefaultDeclaration":
      return isTypeStatement(node.declaration);
    case "ImportDeclaration":
      return node.importKind === "type";
    default:
      return "declare" in node && node.declare === true;
  }
}

function isTypeMember(member: Node): boolean {
  if (member.type.startsWith("TSAbstract")) return true;
  if (member.type === "PropertyDefinition") return member.declare === true;
  return member.type === "MethodDefinition" && member.value.type === "TSEmptyBodyFunctionExpression";
}
