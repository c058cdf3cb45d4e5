// Imports of cells: files, packages and this package, the folder's tsconfig.json, and what changes on disk.
import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { Notebook, withPatience } from "./notebook.ts";

withPatience();

let notebook: Notebook;
afterEach(() => notebook.close());

const messages = async (cell: string) =>
  (await notebook.check(cell)).map(({ code, message }) => [code, message]);

describe("this package", () => {
  test("is found from any folder, with types", async () => {
    notebook = new Notebook();
    expect(await notebook.run('import { tensor } from "lectern";\nconst x = tensor([1, 2]);')).toEqual([]);
    expect(await notebook.codes("const shape: readonly number[] = x.shape; x.add(1)")).toEqual([]);
    expect(await messages("x.shpe")).toEqual([
      [2551, "Property 'shpe' does not exist on type 'Tensor'. Did you mean 'shape'?"],
    ]);
    expect(await notebook.texts("x.resh|")).toEqual(["reshape"]);
    expect((await notebook.hover("x.resh|ape"))?.plain).toMatch(/^\(method\) Tensor.reshape/);
  });

  test("a misspelt option is a type error", async () => {
    notebook = new Notebook();
    const found = await notebook.check('import { dense } from "lectern";\ndense(10, { activation: "rleu" })');
    expect(found).toMatchObject([{ code: 2322, line: 2, column: 13, endLine: 2, endColumn: 23 }]);
    expect(found[0]?.message).toMatch(/[Dd]id you mean "relu"\?$/);
  });

  test("gives way to a package of its name in the folder", async () => {
    notebook = new Notebook({
      "node_modules/lectern/package.json": '{ "name": "lectern", "version": "9.0.0", "types": "index.d.ts" }',
      "node_modules/lectern/index.d.ts": "export declare const other: number;",
    });
    expect(await notebook.codes('import { other } from "lectern"; other.toFixed()')).toEqual([]);
  });
});

describe("files", () => {
  test("TypeScript, JSON and what lies in other folders", async () => {
    notebook = new Notebook({
      "data.ts": "import { deep } from './sub/deep.ts'; export const rows = [deep]",
      "sub/deep.ts": "export const deep = { a: 1 }",
      "settings.json": '{ "rate": 0.1 }',
    });
    expect(
      await notebook.run(
        "import { rows } from './data.ts'\nimport settings from './settings.json' with { type: 'json' }",
      ),
    ).toEqual([]);
    expect(await notebook.codes("rows[0]?.a; settings.rate.toFixed()")).toEqual([]);
    expect(await notebook.codes("rows[0]?.b")).toEqual([2339]);
  });

  test("an edited file is read again, also one behind another", async () => {
    notebook = new Notebook({
      "data.ts": "export { deep } from './deep.ts'; export const a = 1",
      "deep.ts": "export const deep = 1",
    });
    expect(await notebook.codes("import { a, deep } from './data.ts'; a.length; deep.length")).toEqual([
      2339, 2339,
    ]);
    notebook.write("data.ts", "export { deep } from './deep.ts'; export const a = 'x'");
    notebook.write("deep.ts", "export const deep = 'x'");
    expect(await notebook.codes("import { a, deep } from './data.ts'; a.length; deep.length")).toEqual([]);
  });

  test("a file and a package that come later are found", async () => {
    notebook = new Notebook();
    expect(await notebook.codes("import { a } from './late.ts'; import b from 'late'")).toEqual([2307, 2307]);
    notebook.write("late.ts", "export const a = 1");
    notebook.write("node_modules/late/package.json", '{ "name": "late", "types": "index.d.ts" }');
    notebook.write("node_modules/late/index.d.ts", "declare const b: number; export default b;");
    expect(await notebook.codes("import { a } from './late.ts'; import b from 'late'; a.toFixed(b)")).toEqual(
      [],
    );
  });

  test("a missing one is explained", async () => {
    notebook = new Notebook({ "data.ts": "export {}", "sub/helper.ts": "export {}" });
    const { directory } = notebook;
    expect(await messages("import './nothing.ts'")).toEqual([
      [2882, `There is no file './nothing.ts' in ${directory}.`],
    ]);
    expect(await messages("import x from './daat.ts'")).toEqual([
      [2307, `There is no file './daat.ts' in ${directory}. Did you mean './data.ts'?`],
    ]);
    expect(await messages("import x from './sub/helper.json'")).toEqual([
      [2307, `There is no file './sub/helper.json' in ${directory}. Did you mean './sub/helper.ts'?`],
    ]);
  });

  test("one that is there without types is no error", async () => {
    notebook = new Notebook({ "plain.mjs": "export const a = 1", "table.csv": "a,b" });
    expect(
      await notebook.codes("import { a } from './plain.mjs'; import table from './table.csv'; a"),
    ).toEqual([]);
  });
});

describe("packages", () => {
  test("a missing one is explained", async () => {
    notebook = new Notebook({
      "node_modules/there/package.json": '{ "name": "there", "exports": { ".": "./a.js" } }',
    });
    const { directory } = notebook;
    expect(await messages("import _ from 'lodash/fp'")).toEqual([
      [2307, `The package 'lodash' is not installed in ${directory}: npm install lodash`],
    ]);
    expect(await messages("import x from '@scope/pkg'")).toEqual([
      [2307, `The package '@scope/pkg' is not installed in ${directory}: npm install @scope/pkg`],
    ]);
    expect(await messages("import x from 'there/other'")).toEqual([
      [2307, "The package 'there' is installed, but it has no module 'there/other'."],
    ]);
    expect(await messages("import x from 'node:fss'")).toEqual([[2307, "Node has no module 'node:fss'."]]);
  });

  test("one without types is no error", async () => {
    notebook = new Notebook({
      "node_modules/plain/package.json": '{ "name": "plain", "main": "index.js" }',
      "node_modules/plain/index.js": "module.exports = { a: 1 }",
    });
    expect(await notebook.codes("import plain from 'plain'; plain.a.b")).toEqual([]);
  });

  test("Node's types are those of the folder if it has them", async () => {
    notebook = new Notebook({
      "node_modules/@types/node/package.json":
        '{ "name": "@types/node", "version": "1.0.0", "types": "index.d.ts" }',
      "node_modules/@types/node/index.d.ts": "declare const onlyHere: number;",
    });
    expect(await notebook.codes("onlyHere.toFixed()")).toEqual([]);
  });
});

describe("tsconfig.json in the folder", () => {
  test("its options hold, with comments and trailing commas", async () => {
    notebook = new Notebook({
      "tsconfig.json": '{ // loose\n "compilerOptions": { "strict": false, "lib": ["esnext", "dom"], } }',
    });
    expect(await notebook.codes("const s: string = null; document.title; process.pid")).toEqual([]);
  });

  test("what a notebook needs holds all the same", async () => {
    notebook = new Notebook({
      "tsconfig.json": JSON.stringify({
        compilerOptions: {
          module: "nodenext",
          verbatimModuleSyntax: true,
          erasableSyntaxOnly: true,
          noUnusedLocals: true,
          composite: true,
          outDir: "out",
        },
      }),
    });
    expect(
      await notebook.run("import { Stats } from 'node:fs'\nenum E { A }\nconst unused = await 1"),
    ).toEqual([]);
    expect(await notebook.codes("E.A; const f = (s: Stats) => s.size")).toEqual([]);
  });

  test("its paths are kept beside ours", async () => {
    notebook = new Notebook({
      "tsconfig.json": '{ "compilerOptions": { "paths": { "@own/*": ["./own/*"] } } }',
      "own/thing.ts": "export const thing = 1",
    });
    expect(
      await notebook.codes(
        'import { thing } from "@own/thing"; import { tensor } from "lectern"; thing.toFixed(); tensor(1).shape',
      ),
    ).toEqual([]);
  });

  test("edited, made or removed it holds from the next cell on", async () => {
    notebook = new Notebook();
    expect(await notebook.codes("const s: string = null")).toEqual([2322]);
    notebook.write("tsconfig.json", '{ "compilerOptions": { "strict": false } }');
    expect(await notebook.codes("const s: string = null")).toEqual([]);
    notebook.write("tsconfig.json", '{ "compilerOptions": { "strict": true, "lib": ["esnext", "dom"] } }');
    expect(await notebook.codes("const s: string = null; document.title")).toEqual([2322]);
    rmSync(`${notebook.directory}/tsconfig.json`);
    expect(await notebook.codes("const s: string = null; document.title")).toEqual([2322, 2584]);
  });

  test("the declaration files that it includes are there, its programs are not", async () => {
    notebook = new Notebook({
      "tsconfig.json": '{ "compilerOptions": { "types": [] }, "include": ["types", "src"] }',
      "types/globals.d.ts": "declare const answer: number;\ninterface Mine { a: string }",
      "types/shims.d.ts": "declare module '*.csv' { const rows: string[][]; export default rows }",
      "src/script.ts": "const leaked = 1;",
      "other.d.ts": "declare const elsewhere: number;",
    });
    expect(
      await notebook.run(
        "answer.toFixed(); const m: Mine = { a: 'x' }; import rows from './x.csv'; rows[0]?.at(0)?.at(0)",
      ),
    ).toEqual([]);
    expect(await notebook.codes("leaked; elsewhere; m.a.length")).toEqual([2304, 2304]);
  });

  test("decorators of old", async () => {
    notebook = new Notebook({ "tsconfig.json": '{ "compilerOptions": { "experimentalDecorators": true } }' });
    const cell = "function d(target: object, key: string) {}\nclass C { @d x = 1 }";
    expect(await notebook.codes(cell)).toEqual([]);
    notebook.write("tsconfig.json", "{}");
    expect(await notebook.codes(cell)).toEqual([1240]);
  });

  test("a broken one does no harm", async () => {
    notebook = new Notebook({ "tsconfig.json": '{ "compilerOptions": { "target": ' });
    expect(await notebook.codes('import { tensor } from "lectern"; tensor(1).shape; nothing')).toEqual([
      2304,
    ]);
  });

  test("one of a folder above is not asked", async () => {
    notebook = new Notebook();
    expect(dirname(notebook.directory)).not.toBe(notebook.directory);
    notebook.write("inner/keep.txt", "");
    notebook.write("tsconfig.json", '{ "compilerOptions": { "strict": false } }');
    const { Language } = await import("../../../kernel/language/language.ts");
    const inner = new Language({ directory: `${notebook.directory}/inner` });
    try {
      expect((await inner.check("const s: string = null", 20_000))?.map(({ code }) => code)).toEqual([2322]);
    } finally {
      await inner.stop();
    }
  });
});
