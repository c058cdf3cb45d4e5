// The whole kernel as a front end sees it: a real process, real sockets.
import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
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

describe("execute", () => {
  test("a result, with the messages in the order that front ends expect", async () => {
    const run = await client.execute("1 + 1");
    expect(run.result).toBe("2");
    expect(run.reply).toMatchObject({ status: "ok", payload: [], user_expressions: {} });
    expect(run.outputs.map(({ type }) => type)).toEqual(["execute_input", "execute_result"]);
    expect(client.states(run.id)).toEqual(["busy", "idle"]);
    expect(Date.parse(String(run.replyMetadata.started))).toBeGreaterThan(0);
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

  test("the first cell of a kernel is checked too", async () => {
    const fresh = await TestClient.start({ directory });
    const run = await fresh.execute('const wrong: number = "text";');
    await fresh.stop();
    expect(run.reply).toMatchObject({ status: "error", ename: "TypeScriptError" });
  });

  test("a type error stops the cell before it runs; @ts-nocheck lets it run", async () => {
    await client.execute("let ran = false"); // the language server has answered after this
    const run = await client.execute('ran = true;\nconst wrong: number = "text";');
    expect(run.reply).toMatchObject({ status: "error", ename: "TypeScriptError" });
    expect(run.reply.evalue).toContain("TS2322");
    expect((run.reply.traceback as string[]).join("\n")).toMatch(
      /Cell \[\d+\]:2:7[\s\S]*const wrong[\s\S]*\^{5}/,
    );
    expect((await client.execute("ran")).result).toBe("false");
    const unchecked = await client.execute('// @ts-nocheck\nconst wrong: number = "text"; wrong');
    expect(unchecked.result).toBe("'text'");
  });

  test("a syntax error shows its line", async () => {
    const run = await client.execute("const a = 1;\nlet b = ;");
    expect(run.reply.status).toBe("error");
    expect((run.reply.traceback as string[]).join("\n")).toMatch(/Cell \[\d+\]:2:9[\s\S]*let b = ;/);
  });

  test("after an error the waiting cells are aborted, unless stop_on_error is off", async () => {
    const ids = [
      await client.startCell('await new Promise((r) => setTimeout(r, 200)); throw new Error("stop")'),
    ];
    for (const n of [1, 2, 3]) ids.push(await client.startCell(`${n}`));
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
    expect(run.outputs.length).toBeLessThan(200);
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
    const id = await client.startCell(
      'console.log("early"); const t = performance.now(); while (performance.now() - t < 1500);',
    );
    await client.until(() => client.outputs(id).some(({ content }) => content.text === "early\n"));
    expect(client.states(id)).toEqual(["busy"]);
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
    const id = await client.startCell(`// @ts-nocheck
      globalThis[Symbol.for("Jupyter.broadcast")]("display_data", { data: { "text/plain": "now" }, metadata: {}, transient: {} });
      globalThis[Symbol.for("Jupyter.broadcast")]("clear_output", { wait: true });
      const t = performance.now(); while (performance.now() - t < 1500);`);
    await client.until(() => client.outputs(id).length === 3);
    expect(client.states(id)).toEqual(["busy"]);
    expect((await client.finishCell(id)).outputs.map(({ type }) => type)).toEqual([
      "execute_input",
      "display_data",
      "clear_output",
    ]);
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

describe("other requests", () => {
  test("kernel_info on shell and control, with busy and idle", async () => {
    for (const channel of ["shell", "control"] as const) {
      const id = await client.send(channel, "kernel_info_request", {});
      expect((await client.reply(id)).content).toMatchObject({
        status: "ok",
        protocol_version: "5.5",
        implementation: "lectern",
        language_info: { name: "typescript", file_extension: ".ts", mimetype: "application/typescript" },
      });
      await client.until(() => client.states(id).length === 2);
      expect(client.states(id)).toEqual(["busy", "idle"]);
    }
  });

  test("completion counts in code points", async () => {
    await client.execute("const tensorLike = { shape: [2, 3], size: 6 }");
    const code = '"😀"; tensorLike.sh';
    const reply = await client.request("shell", "complete_request", { code, cursor_pos: [...code].length });
    expect(reply).toMatchObject({
      status: "ok",
      cursor_start: [...code].length - 2,
      cursor_end: [...code].length,
    });
    expect(reply.matches).toContain("shape");
  });

  test("inspection gives text and markdown", async () => {
    await client.execute("/** Twice as much. */\nfunction double(n: number) { return 2 * n }");
    const code = '"😀"; double(1)';
    const reply = await client.request("shell", "inspect_request", { code, cursor_pos: 7, detail_level: 0 });
    expect(reply).toMatchObject({ status: "ok", found: true });
    expect((reply.data as Record<string, string>)["text/plain"]).toContain("Twice as much");
    const nothing = await client.request("shell", "inspect_request", {
      code: "  ",
      cursor_pos: 1,
      detail_level: 0,
    });
    expect(nothing).toMatchObject({ status: "ok", found: false, data: {} });
  });

  test("is_complete", async () => {
    const status = async (code: string) =>
      (await client.request("shell", "is_complete_request", { code })).status;
    expect([await status("1 + 1"), await status("if (true) {"), await status("let = ;)")]).toEqual([
      "complete",
      "incomplete",
      "invalid",
    ]);
  });

  test("history: tail, search, range", async () => {
    const { reply } = await client.execute('"remember me"');
    const ask = async (content: object) =>
      (await client.request("shell", "history_request", { raw: true, output: false, ...content })).history;
    const line = reply.execution_count as number;
    expect(await ask({ hist_access_type: "tail", n: 1 })).toEqual([[0, line, '"remember me"']]);
    expect(await ask({ hist_access_type: "search", pattern: "*remember*", n: 1, output: true })).toEqual([
      [0, line, ['"remember me"', "'remember me'"]],
    ]);
    expect(await ask({ hist_access_type: "range", session: 0, start: line, stop: line + 1 })).toHaveLength(1);
  });

  test("comm_info, and comms that nobody listens to are closed", async () => {
    expect(await client.request("shell", "comm_info_request", {})).toEqual({ status: "ok", comms: {} });
    const id = await client.send("shell", "comm_open", { comm_id: "c", target_name: "t", data: {} });
    await client.until(() => client.states(id).includes("idle"));
    expect(client.outputs(id)).toEqual([{ type: "comm_close", content: { comm_id: "c", data: {} } }]);
  });

  test("a busy cell holds up neither control, nor heartbeat, nor completion", async () => {
    const id = await client.startCell(
      "const end = performance.now() + 2500; while (performance.now() < end);",
    );
    await client.until(() => client.states(id).includes("busy"));
    expect((await client.request("control", "kernel_info_request", {})).status).toBe("ok");
    expect(await client.heartbeat()).toBe("ping");
    const reply = await client.request("shell", "complete_request", { code: "Math.", cursor_pos: 5 });
    expect(reply.matches).toContain("sqrt");
    expect(client.states(id).at(-1)).toBe("busy");
    await client.finishCell(id);
  });

  test("badly signed, malformed and unknown messages are dropped, with a line in the log", async () => {
    await client.sendRaw("shell", ["<IDS|MSG>", "0".repeat(64), "{}", "{}", "{}", "{}"]);
    await client.sendRaw("shell", ["what is this"]);
    await client.send("shell", "nonsense_request", {});
    await client.send("shell", "constructor", {});
    await client.until(() =>
      /wrong signature[\s\S]*delimiter[\s\S]*nonsense_request[\s\S]*constructor/.test(client.log),
    );
    const broken = await client.request("shell", "execute_request", {});
    expect(broken).toMatchObject({ status: "error" });
    expect((await client.execute("6 * 7")).result).toBe("42");
  });
});

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
