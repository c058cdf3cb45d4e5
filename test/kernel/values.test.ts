// Completion and inspection that know the values of the notebook: through a real kernel, also while a cell runs.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestClient } from "./client.ts";
import { temporaryFolder } from "./folders.ts";

const directory = temporaryFolder();
let client: TestClient;

beforeAll(async () => {
  writeFileSync(join(directory, "data.csv"), "a,b\n");
  mkdirSync(join(directory, "sub"));
  writeFileSync(join(directory, "sub", "deep.txt"), "");
  client = await TestClient.start({ directory });
  const { reply } = await client.execute(`
    const ran = (what: string) => { console.log(what); return 1 };
    const data = JSON.parse('{ "alpha": 1, "be-ta": { "x": 1 }, "rows": [{ "id": 7, "name": "n" }] }');
    const record: Record<string, number> = { one: 1, two: 2 };
    const hidden: unknown = { secret: 1, get run() { return ran("getter") } };
    class Shape { sides = 4; private inner = 1; grow() {} get area() { return ran("getter") } }
    const shape = new Shape();
    const loose: any = new Shape();
    const typed = { known: 1 } as { known: number };
    const byName = new Map<string, { v: number }>([["first", { v: 1 }], ["second", { v: 2 }]]);
    const proxy: any = new Proxy({}, { get: () => ran("trap"), ownKeys: () => (ran("trap"), []), getPrototypeOf: () => (ran("trap"), null) });
    const URL: any = { mine: 1 };
    let count = 41;
    (typed as any).late = 2;
  `);
  expect(reply.status).toBe("ok");
});
afterAll(async () => {
  expect(client.published.filter(({ header }) => header.msg_type === "stream")).toEqual([]);
  await client.stop();
});

const complete = (marked: string) =>
  client.request("shell", "complete_request", {
    code: marked.replace("|", ""),
    cursor_pos: [...marked.slice(0, marked.indexOf("|"))].length,
  });
const matches = async (marked: string) => (await complete(marked)).matches as string[];
/** What is suggested in the end: on a busy machine the values and the language server may be too late for an answer. */
const expectMatches = (marked: string) => expect.poll(() => matches(marked), { message: marked });
const inspect = async (marked: string, detail_level = 0) => {
  const reply = await client.request("shell", "inspect_request", {
    code: marked.replace("|", ""),
    cursor_pos: [...marked.slice(0, marked.indexOf("|"))].length,
    detail_level,
  });
  return reply.data as Record<string, string>;
};
const expectPlain = (marked: string, detail_level = 0) =>
  expect.poll(async () => (await inspect(marked, detail_level))["text/plain"] ?? "", { message: marked });

describe("completion", () => {
  test.each([
    ["data.|", ["alpha", "rows"]],
    ["data.al|", ["alpha"]],
    ['data["|"]', ["alpha", "be-ta", "rows"]],
    ["data['be-ta'].|", ["x"]],
    ["data.rows[0].|", ["id", "name"]],
    ["record.|", ["one", "two"]],
    ["record['t|", ["two"]],
    ["hidden.|", ["secret", "run"]],
    ["loose.|", ["sides", "inner", "grow", "area"]],
    ["typed.|", ["known", "late"]],
    ["byName.get('|')", ["first", "second"]],
    ["byName.get('first')!.|", ["v"]],
    ["URL.|", ["mine"]],
    ["'😀'; data.a|", ["alpha"]],
    ["const again = 1; data.al|", ["alpha"]],
  ])("%s", async (marked, texts) => {
    await expectMatches(marked).toEqual(texts);
  });

  test("an array of unknown elements has the methods of arrays", async () => {
    await expectMatches("data.rows.ma|").toEqual(["map"]);
  });
  test("private fields stay private where the type is known", async () => {
    await expect.poll(async () => (await matches("shape.|")).sort()).toEqual(["area", "grow", "sides"]);
  });
  test.each([
    "proxy.|",
    "proxy.a.|",
    "hidden.run.|",
    "// data.|",
    "'data.|'",
    "data.alpha.none.|",
    "nothing.|",
  ])("nothing, and nothing runs: %s", async (marked) => {
    expect(await matches(marked)).toEqual([]);
  });
  test("a parameter of the same name is another variable", async () => {
    await expectMatches("const f = (typed: { own: 1 }) => typed.|").toEqual(["own"]);
  });
  test("each has a type and a place", async () => {
    const types = async () =>
      ((await complete("'😀'; loose.|")).metadata as Record<string, unknown>)._jupyter_types_experimental;
    await expect.poll(types).toContainEqual({ text: "grow", type: "function", start: 11, end: 11 });
    await expect.poll(types).toContainEqual({ text: "sides", type: "property", start: 11, end: 11 });
  });
  test("paths in texts, from where the cells are", async () => {
    await expectMatches('readFileSync("da|")').toEqual(["data.csv"]);
    await expectMatches("const path = './|'").toEqual(["data.csv", "sub/"]);
    await expectMatches("const path = './sub/|'").toEqual(["deep.txt"]);
    expect(await matches("const path = 'da|'")).toEqual([]);
    await client.execute('process.chdir("sub")');
    await expectMatches("const path = './|'").toEqual(["deep.txt"]);
    await client.execute('process.chdir("..")');
  });
  test("while a cell runs", async () => {
    const id = await client.startCell("const tick = () => count++; for (;;) tick();");
    await expectMatches("tic|").toEqual(["tick"]);
    await expectMatches("data.|").toEqual(["alpha", "rows"]);
    const value = async () => Number(/Value: (\d+)/.exec((await inspect("cou|nt"))["text/plain"] ?? "")?.[1]);
    await expect.poll(value).toBeGreaterThan(41);
    expect(client.states(id)).not.toContain("idle");
    await client.interrupt();
    expect((await client.finishCell(id)).reply.ename).toBe("KeyboardInterrupt");
  });
});

describe("inspection", () => {
  test("shows the present value behind what the types say", async () => {
    await expect
      .poll(async () => (await inspect("da|ta"))["text/markdown"] ?? "")
      .toMatch(
        /^```typescript\nconst data: any\n```\n\n\*\*Value:\*\* `\{ alpha: 1, "be-ta": \{…\}, rows: Array\(1\) \}`$/,
      );
    await expectPlain("data.rows[0].na|me").toContain('Value: "n"');
    await expectPlain("by|Name").toContain('Value: Map(2) { "first" => {…}, "second" => {…} }');
  });
  test("no value of functions, behind getters and of variables that are not there yet", async () => {
    for (const marked of [
      "ra|n",
      "Sha|pe",
      "shape.ar|ea",
      "const f = (data: 1) => da|ta",
      "const fresh = 1; fre|sh",
    ])
      await expectPlain(marked).toMatch(/^(?!.*Value:).+/s);
  });
  test("detail 1 also says where it is declared", async () => {
    await expectPlain("cou|nt", 0).toMatch(/^(?!.*Declared).+/s);
    await expectPlain("sha|pe", 1).toMatch(
      /Value: Shape \{ sides: 4, inner: 1 \}\n\nDeclared in Cell \[1\], line 7\nconst shape = new Shape\(\);/,
    );
  });
  test("inside of a call the signature", async () => {
    const markdown = async () => (await inspect("Math.max(1, |)"))["text/markdown"] ?? "";
    await expect.poll(markdown).toContain("→ **`...values: number[]`**");
  });
});

test("after the process of the cells has died, types alone are answered", async () => {
  await client.execute("require('node:child_process').execSync('kill -9 ' + process.pid)");
  await client.execute("const text = 'a'");
  await expectMatches("text.toUpperC|").toEqual(["toUpperCase"]);
  expect(await matches("data.|")).toEqual([]);
});
