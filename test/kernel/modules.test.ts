// Modules of the notebook's folder: every way to name one, and what happens when files change while the kernel runs.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the modules have templates in them.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { TestClient } from "./client.ts";
import { temporaryFolder } from "./folders.ts";

const folder = temporaryFolder();
let client: TestClient;

beforeAll(async () => {
  client = await TestClient.start({ directory: folder });
  await client.execute("%typecheck off");
});
afterAll(() => client.stop());

let files = 0;
let base = "";
beforeEach(() => {
  base = `t${++files}`;
  mkdirSync(join(folder, base));
});

let written = 0;
/** Two versions of a file may be written within a tick of the clock, so each has another size. */
function write(file: string, text: string): void {
  mkdirSync(join(folder, base, file, ".."), { recursive: true });
  writeFileSync(join(folder, base, file), `${text}\n//${" ".repeat(++written)}`);
}

async function value(code: string): Promise<string | undefined> {
  const { reply, result } = await client.execute(code.replaceAll("./", `./${base}/`));
  expect(reply.status, stripVTControlCharacters(JSON.stringify(reply))).toBe("ok");
  return result;
}

async function failure(code: string): Promise<string> {
  const { reply } = await client.execute(code.replaceAll("./", `./${base}/`));
  expect(reply.status).toBe("error");
  return stripVTControlCharacters((reply.traceback as string[]).join("\n"));
}

describe("a file is found", () => {
  test.each([
    ["by its name", "a.ts", "./a.ts"],
    ["without its ending", "b.ts", "./b"],
    ["by the name of its JavaScript", "c.ts", "./c.js"],
    [".mts by the name of its JavaScript", "d.mts", "./d.mjs"],
    ["as the index of a folder", "e/index.ts", "./e"],
    ["as JavaScript", "f.mjs", "./f.mjs"],
  ])("%s", async (_how, file, specifier) => {
    write(file, "export const x: any = 5".replace(": any", file.endsWith("mjs") ? "" : ": any"));
    expect(await value(`import { x as x${files} } from "${specifier}"; x${files}`)).toBe("5");
    expect(await value(`(await import("${specifier}")).x`)).toBe("5");
  });

  test("JSON with and without attributes", async () => {
    write("g.json", "");
    writeFileSync(join(folder, base, "g.json"), '{ "v": 1 }');
    expect(await value('import g from "./g.json"; g.v')).toBe("1");
    expect(await value('import g2 from "./g.json" with { type: "json" }; g2.v')).toBe("1");
    writeFileSync(join(folder, base, "g.json"), '{ "v": 22 }');
    expect(await value('import g from "./g.json"; g.v')).toBe("22");
    expect(await value('require("./g.json").v')).toBe("22");
  });

  test("with require, also when it has changed", async () => {
    write("h.ts", "import { y } from './i.ts'; enum E { A = 3 } export const x: number = y + E.A");
    write("i.ts", "export const y = 1");
    expect(await value('require("./h.ts").x')).toBe("4");
    write("i.ts", "export const y = 2");
    expect(await value('require("./h.ts").x')).toBe("5");
  });
});

describe("a file that has changed", () => {
  test("is loaded anew with all that import it; others keep their state", async () => {
    write("a.ts", "import { b } from './b'; import './kept'; export const a = () => `a${b}`");
    write("b.ts", "import { c } from './c'; export const b = `b${c}`");
    write("c.ts", "export const c: string = 'c1'");
    write("kept.ts", "globalThis.loads = (globalThis.loads ?? 0) + 1; export {}");
    expect(await value('import { a } from "./a.ts"; a()')).toBe("'abc1'");
    expect(await value('import { a } from "./a.ts"; a()')).toBe("'abc1'");
    write("c.ts", "export const c: string = 'c2'");
    expect(await value('import { a } from "./a.ts"; a()')).toBe("'abc2'");
    expect(await value("globalThis.loads")).toBe("1");
  });

  test("after a syntax error, and after it was deleted and made again", async () => {
    write("a.ts", "import { b } from './b.ts'; export const a = b");
    write("b.ts", "export const b = 1");
    expect(await value('import { a } from "./a.ts"; a')).toBe("1");
    write("b.ts", "export const b = = 2");
    expect(await failure('import { a } from "./a.ts"; a')).toMatch(
      /SyntaxError: Unexpected "="[\s\S]*b\.ts:1:18/,
    );
    write("b.ts", "export const b = 3");
    expect(await value('import { a } from "./a.ts"; a')).toBe("3");
    rmSync(join(folder, base, "b.ts"));
    expect(await failure('import { a } from "./a.ts"; a')).toMatch(/There is no file '\.\/b\.ts'/);
    write("b.ts", "export const b = 4");
    expect(await value('import { a } from "./a.ts"; a')).toBe("4");
  });

  test("a module that has failed is tried anew, and so is one that was missing at first", async () => {
    write("a.ts", "import { b } from './b'; export const a = b");
    expect(await failure('import { a } from "./a.ts"; a')).toMatch(/There is no file '\.\/b'/);
    write("b.ts", "if (!globalThis.isReady) throw new Error('not ready'); export const b = 6");
    expect(await failure('import { a } from "./a.ts"; a')).toMatch(/not ready[\s\S]*b\.ts:1:\d+/);
    expect(
      await value('globalThis.isReady = true; (await import("./a.ts").catch(() => null))?.a ?? 0'),
    ).toBeDefined();
    expect(await value('import { a } from "./a.ts"; a')).toBe("6");
  });
});

describe("errors of imports", () => {
  test("lead to the line in the module and to the import", async () => {
    write(
      "m.ts",
      "enum E { A }\nexport interface I { x: number }\nexport function f(o: I) {\n  throw new Error(`x${E.A}`);\n}",
    );
    const text = await failure('import { f } from "./m.ts";\nf({ x: 1 })');
    expect(text).toMatch(/Error: x0\n\s+at .*m\.ts:4:9\)?\n[\s\S]*at Cell \[\d+\]:2:1/);
    expect(text).not.toContain("lectern-version");
  });

  test("are shown once a run, also of what is no Error", async () => {
    write("n.ts", "throw 'only text'");
    for (let run = 0; run < 2; run++)
      expect(await failure('1;\nimport "./n.ts"')).toMatch(
        /^Thrown: only text\n\s+at Cell \[\d+\]:2:1\n.*\n.*\^$/,
      );
    write("o.mjs", "throw new Error('again')");
    for (let run = 0; run < 2; run++)
      expect((await failure('import "./o.mjs"')).match(/Cell \[/g)).toHaveLength(1);
  });
});

test("a package that is installed while the kernel runs is found: ESM only, subpath exports, both kinds", async () => {
  expect(await failure('import late from "late"')).toMatch(/The package 'late' is not installed/);
  const make = (name: string, json: object, texts: Record<string, string>) => {
    const place = join(folder, "node_modules", name);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, "package.json"), JSON.stringify({ name, ...json }));
    for (const [file, text] of Object.entries(texts)) writeFileSync(join(place, file), text);
  };
  make(
    "late",
    { type: "module", exports: { ".": "./i.js", "./sub": "./s.js" } },
    {
      "i.js": "export default 7",
      "s.js": "export const sub = 8",
    },
  );
  make(
    "both",
    { exports: { import: "./i.mjs", require: "./i.cjs" } },
    {
      "i.mjs": "export const kind = 'esm'",
      "i.cjs": "exports.kind = 'cjs'",
    },
  );
  expect(await value('import late from "late"; import { sub } from "late/sub"; [late, sub]')).toBe(
    "[ 7, 8 ]",
  );
  expect(await value('import { kind } from "both"; [kind, require("both").kind]')).toBe("[ 'esm', 'cjs' ]");
  expect(await value('import.meta.resolve("late/sub").endsWith("/late/s.js")')).toBe("true");
  expect(await failure('import "late/no"')).toMatch(/Cell \[\d+\]:1:1/);
});
