// What execute_request gives: results, streams, errors; as a front end sees it: a real process, real sockets.
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

const error = (run: { outputs: { type: string; content: Record<string, unknown> }[] }) =>
  run.outputs.find(({ type }) => type === "error")?.content;

describe("execute", () => {
  test("a result, with the messages in the order that front ends expect", async () => {
    const run = await client.execute("1 + 1");
    expect(run.result).toBe("2");
    expect(run.reply).toMatchObject({ status: "ok", payload: [], user_expressions: {} });
    expect(run.outputs.map(({ type }) => type)).toEqual(["execute_input", "execute_result"]);
    expect(client.states(run.id)).toEqual(["busy", "idle"]);
    expect(Date.parse(String(run.replyMetadata.started))).toBeGreaterThan(0);
  });

  test("that it is still busy is told with the date of the start, before that of the input", async () => {
    const id = await client.startCell("await new Promise((resolve) => setTimeout(resolve, 300))");
    await client.until(() => client.outputs(id).length > 0);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await client.request("control", "kernel_info_request", {}); // after which the kernel says it again
    await client.finishCell(id);
    const mine = client.published.filter(({ parent }) => parent?.msg_id === id);
    const busy = mine.filter(({ content }) => content.execution_state === "busy");
    const [start, ...later] = busy.map(({ header }) => header.date);
    expect(later).toEqual([start]);
    const input = mine.find(({ header }) => header.msg_type === "execute_input");
    expect(start! <= input!.header.date).toBe(true);
  });

  test("output goes to its stream; the value undefined is no result", async () => {
    const run = await client.execute('console.log("out"); console.error("err"); undefined');
    expect([run.stdout, run.stderr, run.result]).toEqual(["out\n", "err\n", undefined]);
  });

  test("names live on, may be declared anew, and cells may await", async () => {
    await client.execute("const n = await Promise.resolve(20); enum Kind { A, B }");
    expect((await client.execute("const n = 21; n + Kind.B")).result).toBe("22");
  });

  test("silent cells and cells without history do not count", async () => {
    const before = (await client.execute("1")).reply.execution_count;
    const silent = await client.execute("2", { silent: true });
    const unstored = await client.execute("3", { store_history: false });
    expect(silent.outputs).toEqual([]);
    expect(unstored.result).toBe("3");
    expect([silent.reply.execution_count, unstored.reply.execution_count]).toEqual([before, before]);
  });

  test("user expressions", async () => {
    const { reply } = await client.execute("const u = 5", {
      user_expressions: { a: "u * 2", b: "missing.x" },
    });
    expect(reply.user_expressions).toMatchObject({
      a: { status: "ok", data: { "text/plain": "10" } },
      b: { status: "error", ename: "ReferenceError" },
    });
  });

  test("an error is published and answered alike, with places in the cell", async () => {
    const run = await client.execute(
      'function fail(): never {\n  throw new RangeError("too far");\n}\nfail();',
    );
    expect(run.reply).toMatchObject({ status: "error", ename: "RangeError", evalue: "too far" });
    const { ename, evalue, traceback } = run.reply;
    expect(error(run)).toEqual({ ename, evalue, traceback });
    expect((traceback as string[]).join("\n")).toMatch(/Cell \[\d+\]:2:9[\s\S]*Cell \[\d+\]:4:1/);
    expect((traceback as string[]).join("\n")).not.toMatch(/node:|runtime/);
  });

  test("causes, members of an AggregateError, properties, and thrown values that are no errors", async () => {
    const nested = await client.execute(
      'throw new AggregateError([new Error("one"), new TypeError("two", { cause: "why" })], "many")',
    );
    const text = (nested.reply.traceback as string[]).join("\n");
    for (const part of ["many", "one", "two", "why", "[cause]"]) expect(text).toContain(part);
    const object = await client.execute("throw { code: 7 }");
    expect(object.reply).toMatchObject({ status: "error", evalue: "{ code: 7 }" });
    const file = await client.execute('import fs from "node:fs"; fs.readFileSync("/nowhere")');
    expect((file.reply.traceback as string[]).join("\n")).toContain("ENOENT");
  });

  test("the first cell of a kernel is checked too, unless the language server has not started in 1.5 s", async () => {
    const fresh = await TestClient.start({ directory });
    const asked = performance.now();
    const run = await fresh.execute('const wrong: number = "text";');
    const elapsed = performance.now() - asked;
    await fresh.stop();
    if (run.reply.status === "ok") expect(elapsed).toBeGreaterThan(1400);
    else expect(run.reply).toMatchObject({ status: "error", ename: "TypeScriptError" });
  });

  test("a type error stops the cell before it runs; @ts-nocheck lets it run", async () => {
    const run = await client.executeWrong('console.log("runs");\nconst wrong: number = "text";');
    expect(run.reply).toMatchObject({ status: "error", ename: "TypeScriptError" });
    expect(run.reply.evalue).toContain("TS2322");
    expect((run.reply.traceback as string[]).join("\n")).toMatch(
      /Cell \[\d+\]:2:7[\s\S]*const wrong[\s\S]*\^{5}/,
    );
    expect(run.stdout).toBe("");
    const unchecked = await client.execute('// @ts-nocheck\nconst wrong: number = "text"; wrong');
    expect(unchecked.result).toBe("'text'");
  });

  test("a syntax error shows its line", async () => {
    const run = await client.execute("const a = 1;\nlet b = ;");
    expect(run.reply.status).toBe("error");
    expect((run.reply.traceback as string[]).join("\n")).toMatch(/Cell \[\d+\]:2:9[\s\S]*let b = ;/);
  });

  test("after an error the waiting cells are aborted, unless stop_on_error is off", async () => {
    const gate = new Gate();
    const ids = [await client.startCell(`${gate.waiting} throw new Error("stop")`)];
    for (const n of [1, 2, 3]) ids.push(await client.startCell(`${n}`));
    await client.request("shell", "kernel_info_request", {}); // the kernel has those before it
    gate.open();
    const runs = await Promise.all(ids.map((id) => client.finishCell(id)));
    expect(runs.map(({ reply }) => reply.status)).toEqual(["error", "aborted", "aborted", "aborted"]);
    expect((await client.execute("4")).result).toBe("4");

    const first = await client.startCell('throw new Error("go on")', { stop_on_error: false });
    const second = await client.startCell("5");
    expect((await client.finishCell(first)).reply.status).toBe("error");
    expect((await client.finishCell(second)).result).toBe("5");
  });
});

describe("output", () => {
  test("20 000 lines: none lost, in order, all in their own cell", async () => {
    const first = await client.startCell("for (let i = 0; i < 20_000; i++) console.log('line', i)");
    const second = await client.startCell('"next"');
    const run = await client.finishCell(first);
    const lines = run.stdout.split("\n");
    expect(lines.pop()).toBe("");
    expect(lines).toEqual(Array.from({ length: 20_000 }, (_, i) => `line ${i}`));
    expect((await client.finishCell(second)).stdout).toBe("");
    expect(run.outputs.length).toBeLessThan(2000);
  });

  test("a timer that fires after the next cell writes to the cell that started it", async () => {
    const first = await client.execute('setTimeout(() => console.log("late"), 300); 1');
    const second = await client.execute(
      'await new Promise((r) => setTimeout(r, 500)); console.log("second")',
    );
    await client.until(() => client.outputs(first.id).some(({ content }) => content.text === "late\n"));
    expect(second.stdout).toBe("second\n");
  });

  test("text reaches the front end while the cell is in a busy loop", async () => {
    const gate = new Gate();
    const id = await client.startCell(`console.log("early"); ${gate.looping}`);
    await client.until(() => client.outputs(id).some(({ content }) => content.text === "early\n"));
    expect(client.states(id)).toEqual(["busy"]);
    gate.open();
    await client.finishCell(id);
  });

  test("child processes and file descriptors write to the running cell", async () => {
    const run = await client.execute(
      'import { execSync } from "node:child_process"; import { writeSync } from "node:fs";\n' +
        'execSync("echo child", { stdio: "inherit" }); writeSync(1, "descriptor\\n"); 0',
    );
    expect(run.stdout).toBe("child\ndescriptor\n");
  });

  test("characters split over two writes", async () => {
    const run = await client.execute(
      'const bytes = Buffer.from("€"); process.stdout.write(bytes.subarray(0, 1)); process.stdout.write(bytes.subarray(1)); 0',
    );
    expect(run.stdout).toBe("€");
  });

  test("warnings of Node go to the log, not to the cell", async () => {
    const run = await client.execute(
      'process.emitWarning("take care"); await new Promise((r) => setTimeout(r, 50))',
    );
    expect(run.stderr).toBe("");
    await client.until(() => client.log.includes("take care"));
  });

  test("uncaught exceptions and rejections are shown as errors of their cell", async () => {
    const timer = await client.execute('setTimeout(() => { throw new Error("in a timer") }, 50); 1');
    await client.until(() => error({ outputs: client.outputs(timer.id) })?.evalue === "in a timer");
    const rejection = await client.execute('void Promise.reject(new Error("rejected")); 1');
    await client.until(() => error({ outputs: client.outputs(rejection.id) })?.evalue === "rejected");
    expect((await client.execute("1")).result).toBe("1");
  });
});
