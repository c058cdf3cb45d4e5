// How values are shown and modules are found, through a real kernel process.
import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestClient } from "./client.ts";
import { temporaryFolder } from "./folders.ts";
import { Gate } from "./gate.ts";

const directory = temporaryFolder();
let client: TestClient;

beforeAll(async () => {
  client = await TestClient.start({ directory });
});
afterAll(() => client.stop());

describe("display", () => {
  const shown = (
    run: { outputs: { type: string; content: Record<string, unknown> }[] },
    type = "execute_result",
  ) => run.outputs.find((output) => output.type === type)?.content;

  test("a value with a display method, its metadata, and text/plain in any case", async () => {
    const run = await client.execute(`({
      [Symbol.for("Jupyter.display")]: async () => ({
        "text/html": "<b>1</b>",
        [Symbol.for("Jupyter.metadata")]: { "text/html": { isolated: true } },
      }),
    })`);
    expect(shown(run)).toMatchObject({
      data: { "text/html": "<b>1</b>", "text/plain": expect.stringMatching(/./) },
      metadata: { "text/html": { isolated: true } },
    });
  });

  test("a display method that throws falls back to text, with the reason", async () => {
    const run = await client.execute(
      '({ n: 1, [Symbol.for("Jupyter.display")]() { throw new Error("no paper") } })',
    );
    expect(run.reply.status).toBe("ok");
    expect(run.result).toContain("n: 1");
    expect(run.result).toContain("Error: no paper");
  });

  test("display() and updates of what it showed", async () => {
    const run = await client.execute(
      '// @ts-nocheck\ndisplay([1, 2], { display_id: "d" }); display([3], { display_id: "d", update: true }); 7',
    );
    expect(run.outputs.map(({ type }) => type)).toEqual([
      "execute_input",
      "display_data",
      "update_display_data",
      "execute_result",
    ]);
    expect(shown(run, "update_display_data")).toMatchObject({
      data: { "text/plain": "[ 3 ]" },
      transient: { display_id: "d" },
    });
  });

  test("what is shown keeps its order, also when a value takes time", async () => {
    const slow = '{ [Symbol.for("Jupyter.display")]: async () => ({ "text/plain": "slow" }) }';
    const run = await client.execute(`display(${slow}); display("quick"); 0`);
    const texts = run.outputs.map(({ content }) => (content.data as Record<string, string>)?.["text/plain"]);
    expect(texts).toEqual([undefined, "slow", "'quick'", "0"]);
  });

  test("broadcast is seen while the cell is in a busy loop", async () => {
    const gate = new Gate();
    const id = await client.startCell(`// @ts-nocheck
      globalThis[Symbol.for("Jupyter.broadcast")]("display_data", { data: { "text/plain": "now" }, metadata: {}, transient: {} });
      globalThis[Symbol.for("Jupyter.broadcast")]("clear_output", { wait: true });
      ${gate.looping}`);
    await client.until(() => client.outputs(id).length === 3);
    expect(client.states(id)).toEqual(["busy"]);
    gate.open();
    expect((await client.finishCell(id)).outputs.map(({ type }) => type)).toEqual([
      "execute_input",
      "display_data",
      "clear_output",
    ]);
  });

  test("a small value is shown whole however deep it is, a large one is not", async () => {
    const small = await client.execute("({ a: { b: { c: { d: { e: { f: [[[[1]]]] } } } } } })");
    expect(small.result).not.toMatch(/\[(?:Object|Array)\]/);
    const large = await client.execute(
      "Array.from({ length: 60 }, () => ({ a: { b: { c: { d: { e: 1 } } } } }))",
    );
    expect(large.result).toContain("[Object]");
  });

  test("results have no colours", async () => {
    for (const code of ["0.5", "true", "'s'", "[1n, null]"]) {
      expect((await client.execute(code)).result).not.toContain("\x1b");
    }
  });
});

describe("modules", () => {
  test("a relative TypeScript module, enums included, is loaded anew when it or what it imports changes", async () => {
    const write = (file: string, text: string, time: number) => {
      writeFileSync(join(directory, file), text);
      utimesSync(join(directory, file), time, time);
    };
    write("inner.ts", "export enum Level { Low = 1 }", 1000);
    write("outer.ts", 'import { Level } from "./inner"; export const level: number = Level.Low;', 1000);
    expect((await client.execute('// @ts-nocheck\nimport { level } from "./outer.ts"; level')).result).toBe(
      "1",
    );
    write("inner.ts", "export enum Level { Low = 2 }", 2000);
    expect((await client.execute('// @ts-nocheck\nimport { level } from "./outer.ts"; level')).result).toBe(
      "2",
    );
    expect((await client.execute('// @ts-nocheck\n(await import("./inner.js")).Level.Low')).result).toBe("2");
    expect((await client.execute('// @ts-nocheck\nrequire("./inner.ts").Level.Low')).result).toBe("2");
  });

  test("an error in a module of the notebook's folder names its line", async () => {
    writeFileSync(
      join(directory, "broken.ts"),
      "interface A {\n  a: 1;\n}\nexport function f(): A {\n  throw new Error('deep');\n}\n",
    );
    const run = await client.execute('// @ts-nocheck\nimport { f } from "./broken.ts";\nf()');
    const text = (run.reply.traceback as string[]).join("\n");
    expect(text).toMatch(/Cell \[\d+\]:3:1/);
    expect(text).toMatch(/broken\.ts:5:9/);
  });

  test("packages come from the notebook's folder; import.meta and require are those of the folder", async () => {
    mkdirSync(join(directory, "node_modules/greeting"), { recursive: true });
    writeFileSync(join(directory, "node_modules/greeting/index.js"), "module.exports.hello = () => 'hello';");
    expect((await client.execute('// @ts-nocheck\nimport { hello } from "greeting"; hello()')).result).toBe(
      "'hello'",
    );
    expect((await client.execute('// @ts-nocheck\nrequire("greeting").hello()')).result).toBe("'hello'");
    expect((await client.execute("import.meta.dirname")).result).toBe(`'${directory}'`);
  });

  test("lectern is this package unless the folder has its own", async () => {
    const found = await client.execute('// @ts-nocheck\n(await import("lectern")).tensor !== undefined');
    expect(found.result).toBe("true");
  });

  test("a missing package is an error at its import", async () => {
    const run = await client.execute('// @ts-nocheck\n\nimport { x } from "not-there"; x');
    expect((run.reply.traceback as string[]).join("\n")).toMatch(/not-there[\s\S]*Cell \[\d+\]:3:/);
  });
});
