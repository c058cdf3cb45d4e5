// Types left out of TypeScript: the same program as esbuild makes of it.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";
import MagicString from "magic-string";
import { describe, expect, test } from "vitest";
import { eraseTypes, NeedsLowering } from "../../../kernel/cell/erase.ts";
import { parseTypeScript } from "../../../kernel/cell/source.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** The JavaScript of a program; null if it needs more than leaving types out. */
function erased(text: string): string | null {
  const { program, errors } = parseTypeScript(text);
  expect(errors, text).toEqual([]);
  const script = new MagicString(text);
  try {
    eraseTypes(program, script);
  } catch (error) {
    if (error instanceof NeedsLowering) return null;
    throw error;
  }
  return script.toString();
}

/** Without blanks, comments and empty statements. */
function normal(code: string, loader: "ts" | "js"): string {
  const tsconfigRaw = { compilerOptions: { verbatimModuleSyntax: true, useDefineForClassFields: true } };
  const options = {
    loader,
    target: "esnext",
    minifyWhitespace: true,
    minifySyntax: true,
    charset: "utf8",
    tsconfigRaw,
  } as const;
  return transformSync(code, { ...options, supported: { decorators: false } }).code;
}

/** Imports are no part of the comparison: cells read them as data. */
function withoutImports(text: string): string {
  const { program } = parseTypeScript(text);
  const script = new MagicString(text);
  for (const node of program.body)
    if (node.type === "ImportDeclaration" || (node.type === "ExportNamedDeclaration" && !node.declaration))
      script.update(node.start, node.end, ";");
  return script.toString();
}

describe("every file of this project", () => {
  const files = ["kernel", "lib", "test"].flatMap((folder) =>
    readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !file.includes("engine/kernels"))
      .map((file) => `${folder}/${file}`),
  );

  test("is the same without types", () => {
    expect(files.length).toBeGreaterThan(100);
    for (const file of files) {
      const text = withoutImports(readFileSync(ROOT + file, "utf8"));
      const code = erased(text);
      expect(code, file).not.toBeNull();
      expect(normal(code as string, "js"), file).toBe(normal(text, "ts"));
    }
  });
});

describe("the same program", () => {
  test.each([
    "abstract class A<T> extends B<T> implements C, D { private readonly x?: number = 1; y!: string; z; }",
    "class A { [k: string]: any; declare d: number; m(): void; m(a?: any) {} opt?(): void {} ['c']?: number }",
    "class A { static override async *g<T>(this: A, a?: number, { b }: any = {}): any {} }",
    "class A { a = 1\n public ['x'] = 2\n private static readonly s: number = 3\n protected *gen() {} }",
    "class A { get: number\n foo() {} set: any = 1 as any\n ['bar']() {} }",
    "abstract class A { abstract m(): void; abstract x: number; protected abstract get y(): number; n() {} }",
    "class A { constructor(a: string); constructor(public_: any) {} static { const x: number = 1 as any } }",
    "const c = class<T> implements I {}; const d = class D<T> extends (B as any)<T> {}",
    "let x = y as any\n(foo)",
    "let x = y!\n[0]",
    "x = <any>y\n;[1].map(f)",
    "type A = 1\n(foo)",
    "interface A {}\n[1].map(f)",
    "const f = () => <T>{}; const g = (): { a: 1 } => ({ a: 1 })",
    "function f() { return <any>\n1 }",
    "const f = (x: number): {\n  a: number;\n} => x",
    "const f = async <T,>(x: T, ...r: T[]): Promise<T> => x satisfies T",
    "function f(this: any) {} function g(this: any, a: number) {} function h(this: any,) {}",
    "function f(a: string): void; function f(a: any) {} export function g(): void; export function g(a?: any) {}",
    "declare const a: number; declare function b(): void; declare module 'x' { const c: 1 } declare global {}",
    "declare class Q {} declare enum E { A } declare namespace N { const x: 1 } export declare let z: any",
    "export type X = 1; export interface Y {} export default interface Z {}",
    "f<string>(1); new A<T>(); t<T>`a`; a?.<T>(1); const g = f<string>; a?.b!.c; a!++; (a as any) = 1; a! += 2",
    "for (const x of y as any) { type T = 1; x! } for (let i: number = 0 as number; i < (2 as any); i++) ;",
    "try {} catch (e: unknown) {} switch (a as any) { case 1 as number: let b: any = 1\n(2) }",
    "label: for (;;) { if (a) b as T\n else c as T\n; break label }",
    "let [a, b]: number[] = [1, 2], { c, ...d }: any = {}, e!: number",
    "const o = { m<T>(a: T): T { return a }, get x(): number { return 1 }, set x(v: number) {}, async *[k]<T>() {} }",
    "function isT(x: any): x is string { return true } function assert(x: any): asserts x {}",
    "const π: number = 1, s = '😀' as string; let été: any",
    "((x) as any) = 1; f((a) as T, (<T>b)); (a?: any) => a",
    "let a = b < c, d = (b as any) < c; const t = a as any as number",
    "let u: unique symbol; let fn: new (...a: any[]) => void = x; let k: keyof typeof o = 'a'",
    "if (a) { } else b as T\n(c)",
    "do x! ; while (y as any)\n(z)",
    "export default x as any\n(y)",
    "var v: { a: 1 }\nvar w\n: number",
    "const enumerate = 1, as: any = 2, satisfies = as as any satisfies any",
    "class A { readonly = 1; public; private() {} static static: any; declare; 'quoted'?: 1; 5!: any; #p?: number }",
    "class A { async = 1; get; set; static; accessor }",
    "yield_: { const x = async () => { await (x as any)\n(y) } }",
  ])("%s", (text) => {
    const code = erased(text);
    expect(code).not.toBeNull();
    expect(normal(code as string, "js")).toBe(normal(text, "ts"));
  });
});

test.each([
  "enum A {}",
  "namespace N { export const a = 1 }",
  "class A { constructor(private a: number) {} }",
  "@d class A {}",
  "class A { @d m() {} }",
  "class A { accessor x = 1 }",
  "import x = require('x')",
  "const f = (x)\n: any => x",
  "const f = async <T,>\n(x: T) => x",
  "class A { private /* why */ static x = 1 }",
])("%s is for esbuild", (text) => {
  expect(erased(text)).toBeNull();
});
