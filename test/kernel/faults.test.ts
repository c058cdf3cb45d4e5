// Interrupts, and the end of the process in which the cells run, as a front end sees them.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestClient } from "./client.ts";
import { temporaryFolder } from "./folders.ts";

const directory = temporaryFolder();
let client: TestClient;

beforeAll(async () => {
  client = await TestClient.start({ directory });
});
afterAll(() => client.stop());

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const error = (run: { outputs: { type: string; content: Record<string, unknown> }[] }) =>
  run.outputs.find(({ type }) => type === "error")?.content;

describe("interrupt", () => {
  const kinds: Record<string, string> = {
    "an endless loop": "while (true) {}",
    "a loop after an await": "await null; while (true) {}",
    "a loop in a timer": "await new Promise(() => setTimeout(() => { while (true) {} }, 0))",
    "a promise that never settles": "await new Promise(() => {})",
    "microtasks without end":
      "function tick(): void { Promise.resolve().then(tick) } tick(); await new Promise(() => {})",
    "a loop that prints": 'while (true) console.log("x".repeat(100))',
    "a loop that catches errors": "while (true) { try { throw new Error() } catch {} }",
  };
  for (const [kind, code] of Object.entries(kinds)) {
    test(`${kind}, ten times in a row with the state kept`, async () => {
      await client.execute("let kept = 0");
      for (let round = 1; round <= 10; round++) {
        const id = await client.startCell(`kept++; console.log("running");\n${code}`);
        await client.until(() => client.outputs(id).some(({ type }) => type === "stream"));
        await pause(10 * round);
        expect(await client.interrupt()).toEqual({ status: "ok" });
        const run = await client.finishCell(id);
        expect(run.reply).toMatchObject({ status: "error", ename: "KeyboardInterrupt" });
        expect((await client.execute("kept")).result).toBe(String(round));
      }
    });
  }

  test("a program that the cell waits for", async () => {
    await client.execute('import { execSync } from "node:child_process"; let before = "kept"');
    for (let round = 0; round < 3; round++) {
      const id = await client.startCell('execSync("sleep 30")');
      await client.until(() => client.states(id).includes("busy"));
      await pause(200);
      await client.interrupt();
      expect((await client.finishCell(id)).reply.status).toBe("error");
      expect((await client.execute("before")).result).toBe("'kept'");
    }
  });

  test("SIGINT to the kernel does the same", async () => {
    const id = await client.startCell("for (;;);");
    await client.until(() => client.states(id).includes("busy"));
    await pause(100);
    client.process.kill("SIGINT");
    expect((await client.finishCell(id)).reply.ename).toBe("KeyboardInterrupt");
  });

  test("without a running cell it is harmless", async () => {
    for (let round = 0; round < 5; round++) expect(await client.interrupt()).toEqual({ status: "ok" });
    expect((await client.execute("let x = 1; await null; x + 1")).result).toBe("2");
  });

  test("the loop's variables have the values of that moment", async () => {
    const id = await client.startCell("let count = 0; for (let i = 0; i >= 0; i += 1) { count += 1 }");
    await client.until(() => client.states(id).includes("busy"));
    await pause(200);
    await client.interrupt();
    await client.finishCell(id);
    expect(Number((await client.execute("count")).result)).toBeGreaterThan(1000);
  });

  test("the background of an interrupted cell is silent", async () => {
    const id = await client.startCell(
      'let ticks = 0; setInterval(() => { ticks++; console.log("tick") }, 20); await new Promise(() => {})',
    );
    await client.until(() => client.outputs(id).some(({ type }) => type === "stream"));
    await client.interrupt();
    const run = await client.finishCell(id);
    await client.execute("await new Promise((r) => setTimeout(r, 200))");
    expect(client.outputs(id)).toEqual(run.outputs);
  });
});

describe("the process of the cells", () => {
  test("exits are refused with an error that says so, and the state is kept", async () => {
    await client.execute("let here = 1");
    for (const exit of ["process.exit(3)", "process.abort()", "process.kill(process.pid)"]) {
      const run = await client.execute(exit);
      expect(run.reply).toMatchObject({ status: "error", ename: "ExitSignal" });
    }
    const late = await client.execute(
      "setTimeout(() => process.exit(1), 10); await new Promise((r) => setTimeout(r, 100))",
    );
    expect(error({ outputs: client.outputs(late.id) })?.ename).toBe("ExitSignal");
    expect((await client.execute("here")).result).toBe("1");
  });

  test("a death is told, the waiting cells are aborted, and the next cell runs in a new process without the old names", async () => {
    await client.execute("const gone: number = 1");
    const id = await client.startCell(
      'import { execSync } from "node:child_process"; execSync("kill -9 " + process.pid); await new Promise(() => {})',
    );
    const waiting = await client.startCell("1");
    const run = await client.finishCell(id);
    expect(run.reply).toMatchObject({ status: "error", ename: "ProcessEnded" });
    expect(run.reply.evalue).toMatch(/SIGKILL.*variables are lost/);
    expect((await client.finishCell(waiting)).reply.status).toBe("aborted");
    expect((await client.execute("// @ts-nocheck\ntypeof gone")).result).toBe("'undefined'");
    expect((await client.execute("const gone = 2; gone")).result).toBe("2");
  });

  test("a process that dies between two cells is replaced", async () => {
    await client.execute(
      '// @ts-nocheck\nrequire("node:child_process").spawn("sh", ["-c", "sleep 0.2; kill -9 " + process.pid], { detached: true }); 1',
    );
    await pause(600);
    expect((await client.execute("1 + 2")).result).toBe("3");
  });

  test("running out of memory is named", async () => {
    const tight = await TestClient.start({ env: { NODE_OPTIONS: "--max-old-space-size=64" } });
    try {
      const run = await tight.execute(
        "// @ts-nocheck\nconst all = []; for (;;) all.push(new Array(1000).fill(Math.random()))",
      );
      expect(run.reply.ename).toBe("ProcessEnded");
      expect(run.reply.evalue).toContain("out of memory");
      expect(run.stderr).toBe("");
      expect((await tight.execute("1 + 1")).result).toBe("2");
    } finally {
      await tight.stop();
    }
  });
});
