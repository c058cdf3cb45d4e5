// What clumsy and hostile cells do to the kernel: it answers with something readable, and goes on.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CellRun, TestClient } from "./client.ts";
import { temporaryFolder } from "./folders.ts";

const directory = temporaryFolder();
let client: TestClient;

beforeAll(async () => {
  client = await TestClient.start({ directory });
});
afterAll(() => client.stop());

const UNCHECKED = "// @ts-nocheck\n";
/** Without colours, and without the numbers of cells. */
const plain = (text: string) => stripVTControlCharacters(text).replace(/Cell \[\d+\]/g, "Cell");
const traceback = (run: CellRun) => plain((run.reply.traceback as string[]).join("\n"));
const errors = (id: string) =>
  client.outputs(id).flatMap(({ type, content }) => (type === "error" ? [content.evalue] : []));

describe("errors", () => {
  test("printed errors and shown ones lead to the cell, without frames of the kernel", async () => {
    const logged = await client.execute(
      'interface A {}\nconsole.log(new Error("logged"));\nconsole.error({ e: Object.assign(new Error("in"), { code: 1 }) });',
    );
    expect(plain(logged.stdout)).toBe("Error: logged\n    at Cell:2:13\n");
    expect(plain(logged.stderr)).toBe("{\n  e: Error: in\n      at Cell:3:34 {\n    code: 1\n  }\n}\n");
    const cause = await client.execute('\nnew Error("outer", { cause: new Error("inner") })');
    expect(plain(cause.result ?? "")).toBe(
      "Error: outer\n    at Cell:2:1 {\n  [cause]: Error: inner\n      at Cell:2:29\n}",
    );
    const shown = await client.execute('\n[new Error("shown")]');
    expect(plain(shown.result ?? "")).toBe("[\n  Error: shown\n      at Cell:2:2\n]");
    const displayed = await client.execute('display(new Error("displayed"))');
    const data = displayed.outputs.find(({ type }) => type === "display_data")?.content.data;
    expect(plain((data as Record<string, string>)["text/plain"] ?? "")).toBe(
      "Error: displayed\n    at Cell:1:9",
    );
  });

  test("endless recursion is a short traceback", async () => {
    const run = await client.execute("function deep(n: number): number { return deep(n) + 1 }\ndeep(0)");
    expect(traceback(run)).toMatch(
      /^RangeError: .*\n.*at deep.*\n.*1 \|.*\n *\^\n.*at deep.*\n {4}… \d+ more of the same$/,
    );
  });

  test("an error that is its own cause ends", async () => {
    const run = await client.execute('const own = new Error("own"); own.cause = own; throw own');
    expect(traceback(run).match(/own$/gm)).toHaveLength(2); // the title and the quoted line
    expect(traceback(run)).not.toContain("[cause]");
  });

  test("huge messages are cut, and lines of a message are no frames", async () => {
    const huge = await client.execute('throw new Error("z".repeat(10_000_000))');
    expect(String(huge.reply.evalue)).toMatch(/^z{20000}… \(9980000 more characters\)$/);
    expect(traceback(huge)).toContain("at Cell:1:7");
    const lines = await client.execute('throw new Error("first\\n    at home\\n    at work")');
    expect(traceback(lines)).toBe(
      'Error: first\n    at home\n    at work\n    at Cell:1:7\n       1 | throw new Error("first\\n    at home\\n    at work")\n                 ^',
    );
  });

  test("a class of errors has its name, and no message no colon", async () => {
    const named = await client.execute('class OutOfPaper extends Error {}\nthrow new OutOfPaper("now")');
    expect(named.reply).toMatchObject({ ename: "OutOfPaper", evalue: "now" });
    expect(traceback(await client.execute("throw new Error()"))).toMatch(/^Error\n/);
  });

  test("values that cannot be read", async () => {
    const trap = "{ get() { throw new Error('trap') }, getPrototypeOf() { throw 1 } }";
    for (const value of [`new Proxy({}, ${trap})`, `new Proxy(new Error(), ${trap})`]) {
      const run = await client.execute(`${UNCHECKED}throw ${value}`);
      expect(run.reply.evalue).toMatch(/cannot be read/);
    }
  });

  test("rejected values that are no errors are shown as thrown ones are", async () => {
    const { id } = await client.execute("void Promise.reject(5); 1");
    await client.until(() => errors(id).length > 0);
    expect(errors(id)).toEqual(["5"]);
  });

  test.each([
    ["break", 'Cannot use "break" here'],
    ["return 5", "Top-level return cannot be used in a cell"],
    ["let 1a = 3", 'Unexpected "a"'],
  ])("%s", async (code, message) => {
    expect((await client.execute(code)).reply).toMatchObject({ ename: "SyntaxError", evalue: message });
  });
});

describe("modules", () => {
  test.each([
    ["@scope/absent/part", "The package '@scope/absent' is not installed in DIR: npm install @scope/absent"],
    ["./absent.ts", "There is no file './absent.ts' in DIR."],
    ["fs/absent", "Node has no module 'fs/absent'."],
  ])("%s", async (specifier, message) => {
    for (const code of [`import "${specifier}"`, `await import("${specifier}")`, `require("${specifier}")`]) {
      const run = await client.execute(UNCHECKED + code);
      expect(run.reply.evalue).toBe(message.replace("DIR", directory));
      expect(traceback(run)).not.toContain("notebook.ts:1");
      expect(traceback(run)).toContain("at Cell:2:");
    }
  });

  test("a module that throws, and one that is not TypeScript, name their lines", async () => {
    writeFileSync(join(directory, "throws.ts"), "interface A {}\nthrow new Error('at once');\n");
    const thrown = await client.execute(`${UNCHECKED}import "./throws.ts"`);
    expect(traceback(thrown)).toMatch(/^Error: at once\n.*throws\.ts:2:7\)?\n {4}at Cell:2:1\n/);
    writeFileSync(join(directory, "wrong.ts"), "const a = 1;\nconst b = ;\n");
    const wrong = await client.execute(`${UNCHECKED}import "./wrong.ts"`);
    expect(traceback(wrong)).toMatch(
      /^SyntaxError: Unexpected ";"\n {4}at .*wrong\.ts:2:11\n {4}at Cell:2:1\n/,
    );
  });
});

describe("output", () => {
  test("a long text without lines comes in pieces that the server lets through", async () => {
    const run = await client.execute('console.log("😀".repeat(200_000))');
    const pieces = run.outputs.flatMap(({ type, content }) =>
      type === "stream" ? [content.text as string] : [],
    );
    expect(run.stdout).toBe(`${"😀".repeat(200_000)}\n`);
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(64_000);
  });

  test("a value too large for a notebook is not shown, and the reason is", async () => {
    const run = await client.execute(
      '({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "h".repeat(30_000_000) }) })',
    );
    expect(run.result).toMatch(/could not be displayed: RangeError: it takes 30 MB/);
    expect(JSON.stringify(run.outputs).length).toBeLessThan(10_000);
  });

  test.each(["null", '"text"', "[]", '({ "text/html": 5n })', "(() => { throw undefined })()"])(
    "a display method that gives %s",
    async (bundle) => {
      const run = await client.execute(
        `${UNCHECKED}({ n: 7, [Symbol.for("Jupyter.display")]: () => ${bundle} })`,
      );
      expect(run.reply.status).toBe("ok");
      expect(run.result).toMatch(/n: 7[\s\S]*could not be displayed/);
    },
  );

  test("broadcast takes messages of display only", async () => {
    const run = await client.execute(
      `${UNCHECKED}globalThis[Symbol.for("Jupyter.broadcast")]("status", { execution_state: "dead" })`,
    );
    expect(run.reply.evalue).toMatch(/status is no message/);
  });
});

test("a failed cell is answered before the cells that it aborts", async () => {
  const ids = [
    await client.startCell('await new Promise((r) => setTimeout(r, 200)); throw new Error("first")'),
  ];
  for (let n = 0; n < 20; n++) ids.push(await client.startCell(`${n}`));
  await Promise.all(ids.map((id) => client.finishCell(id)));
  expect(client.repliesInOrder.filter((id) => ids.includes(id))).toEqual(ids);
});

describe("globals that a cell replaces or deletes", () => {
  test.each([
    "globalThis.console = null",
    "JSON.stringify = JSON.parse = () => { throw new Error() }",
    "Promise.prototype.then = null",
    "globalThis.Promise = class {}",
    "delete globalThis.setImmediate; delete globalThis.setTimeout; delete globalThis.queueMicrotask",
    "delete globalThis.process",
    "Array.prototype.map = Array.prototype.filter = Array.prototype.push = null",
    "Array.prototype[Symbol.iterator] = null",
    "Object.prototype.type = 'ready'; Object.prototype.toJSON = () => 1",
    "globalThis.String = globalThis.Object = globalThis.Error = globalThis.Symbol = null",
    "Error.prepareStackTrace = () => { throw 1 }",
    "Object.freeze(globalThis)",
  ])("%s", async (code) => {
    const own = await TestClient.start({ directory });
    try {
      await own.execute(`${UNCHECKED}${code}; undefined`);
      expect((await own.execute(`${UNCHECKED}const n = 20; n + 1`)).result).toBe("21");
      expect((await own.execute(`${UNCHECKED}throw "thrown"`)).reply.evalue).toBe("thrown");
    } finally {
      await own.stop();
    }
  });
});

test("a process that ends between two cells is reported", async () => {
  const { id } = await client.execute(
    `${UNCHECKED}for (const listener of process.listeners("uncaughtException")) process.off("uncaughtException", listener);\nsetTimeout(() => { throw new Error("end") }, 50); 1`,
  );
  await client.until(() => errors(id).length > 0);
  expect(errors(id)[0]).toMatch(/exit code.*variables are lost/);
  expect((await client.execute("1 + 2")).result).toBe("3");
});
