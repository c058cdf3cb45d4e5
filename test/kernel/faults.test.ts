// What cells can do to the process in which they run, and what the user sees of it; the table is docs/faults.md.
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
