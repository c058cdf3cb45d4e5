// What cells can do to the process in which they run, and what the user sees of it; the table is docs/faults.md.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort, TestClient } from "./client.ts";
import { temporaryFolder } from "./folders.ts";

const directory = temporaryFolder();
let client: TestClient;

beforeAll(async () => {
  client = await TestClient.start({ directory });
});
afterAll(() => client.stop());

const error = (run: { outputs: { type: string; content: Record<string, unknown> }[] }) =>
  run.outputs.find(({ type }) => type === "error")?.content;

const UNCHECKED = "// @ts-nocheck\n";
const NAP = "await new Promise((resolve) => setTimeout(resolve, 100))";
const inWorker = (code: string, more = "") =>
  `const thread = new (require("node:worker_threads").Worker)(${JSON.stringify(code)}, { eval: true${more} });
   thread.on("error", (error) => console.log(error.code ?? error.message)); await new Promise((resolve) => thread.on("exit", resolve));`;

interface Seen {
  /** The cell's error, or one that comes later. */
  error?: RegExp;
  stdout?: string;
  result?: string;
}

/** The process is the same afterwards, its variables are there, and the next cell prints. */
describe("the state is kept", () => {
  test.each<[string, string, Seen]>([
    ["process.exit", "process.exit(3)", { error: /ExitSignal: process.exit\(3\) was not carried out/ }],
    ["process.exit in a timer", `setTimeout(() => process.exit(1), 10); ${NAP}`, { error: /ExitSignal/ }],
    ["process.abort", "process.abort()", { error: /ExitSignal/ }],
    ["process.reallyExit", "process.reallyExit(1)", { error: /ExitSignal/ }],
    ["process.execve", 'process.execve("/bin/true")', { error: /ExitSignal/ }],
    [
      "process.kill of itself",
      "process.kill(process.pid, 9)",
      { error: /ExitSignal.*would end the notebook/ },
    ],
    [
      "SIGTERM, SIGHUP and SIGINT from outside",
      `const { execSync } = require("node:child_process"); for (const s of ["TERM", "HUP", "INT"]) execSync("kill -" + s + " " + process.pid); ${NAP}; "alive"`,
      { result: "'alive'" },
    ],
    [
      "an uncaught exception in a timer",
      `setTimeout(() => { throw new Error("late") }, 10); ${NAP}`,
      { error: /Error: late/ },
    ],
    [
      "an error event without a listener",
      `setTimeout(() => new (require("node:events"))().emit("error", new Error("emitted")), 10); ${NAP}`,
      { error: /Error: emitted/ },
    ],
    [
      "an unhandled rejection",
      `void Promise.reject(new TypeError("rejected")); ${NAP}`,
      { error: /TypeError: rejected/ },
    ],
    [
      "an exception in a microtask or tick",
      `queueMicrotask(() => { throw new Error("micro") }); process.nextTick(() => { throw new Error("tick") }); ${NAP}`,
      { error: /Error: (micro|tick)/ },
    ],
    ["something thrown that is no error", "throw undefined", { error: /Thrown: undefined/ }],
    [
      "something thrown that cannot be read",
      "throw new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 } })",
      { error: /cannot be read/ },
    ],
    [
      "a thousand uncaught errors",
      `for (let i = 0; i < 1000; i++) Promise.reject(new Error("r" + i)); ${NAP}`,
      { error: /50 errors of this cell were caught by nothing/ },
    ],
    ["a stack overflow", "(function deeper() { deeper() })()", { error: /RangeError: Maximum call stack/ }],
    [
      "a stack overflow in async functions",
      "async function deeper() { await deeper() } await deeper()",
      { error: /RangeError: Maximum call stack/ },
    ],
    ["a string that is too long", '"x".repeat(2 ** 30)', { error: /RangeError: Invalid string length/ }],
    ["an ArrayBuffer that is too large", "new ArrayBuffer(2 ** 52)", { error: /RangeError/ }],
    [
      "a WebAssembly memory that is too large",
      "new WebAssembly.Memory({ initial: 65536 }).grow(1)",
      { error: /RangeError/ },
    ],
    ["a worker thread that exits", inWorker("process.exit(3)"), {}],
    ["a worker thread that throws", inWorker('throw new Error("in a thread")'), { stdout: "in a thread\n" }],
    [
      "a worker thread that runs out of memory",
      inWorker("let s = []; for (;;) s.push({ s })", ", resourceLimits: { maxOldGenerationSizeMb: 16 }"),
      { stdout: "ERR_WORKER_OUT_OF_MEMORY\n" },
    ],
    [
      "child_process.fork",
      'require("node:fs").writeFileSync("child.cjs", "process.send(1); process.exit(7)"); const child = require("node:child_process").fork("./child.cjs"); await new Promise((resolve) => child.on("exit", resolve))',
      { result: "7" },
    ],
    [
      "cluster",
      'require("node:fs").writeFileSync("member.cjs", "process.exit(6)"); const cluster = require("node:cluster"); cluster.setupPrimary({ exec: "./member.cjs" }); await new Promise((resolve) => cluster.fork().on("exit", resolve))',
      { result: "6" },
    ],
    [
      "a child process that crashes",
      'require("node:child_process").spawnSync("sh", ["-c", "kill -SEGV $$"]).signal',
      { result: "'SIGSEGV'" },
    ],
    [
      "a file that is no native module",
      'process.dlopen({ exports: {} }, "/etc/passwd")',
      { error: /invalid ELF header|dlopen|not a mach-o/i },
    ],
    [
      "ending stdout",
      'process.stdout.end(); process.stdout.destroy(); console.log("after")',
      { stdout: "after\n" },
    ],
    [
      "closing file descriptors 1 and 2",
      'const { closeSync } = require("node:fs"); closeSync(1); closeSync(2); console.log("after")',
      { stdout: "after\n" },
    ],
    [
      "closing the kernel's pipes",
      'const { closeSync } = require("node:fs"); for (const fd of [3, 4]) try { closeSync(fd) } catch (error) { console.log(error.message.slice(0, 33)) }',
      { stdout: "File descriptor 3 was not closed:\nFile descriptor 4 was not closed:\n" },
    ],
    [
      "writing into the kernel's pipes",
      `const { writeSync } = require("node:fs"); writeSync(3, 'null\\n{}\\n{"type":"stream"}\\ngarbage'); writeSync(4, '{"type":"end","run":1'); "written"`,
      { result: "'written'" },
    ],
    [
      "reading the kernel's pipes",
      'try { require("node:fs").readSync(3, Buffer.alloc(9)) } catch (error) { console.log(error.code) }',
      { stdout: "EAGAIN\n" },
    ],
    [
      "a folder that is deleted",
      'const fs = require("node:fs"), home = process.cwd(); fs.mkdirSync("gone"); process.chdir("gone"); fs.rmdirSync(home + "/gone"); try { process.cwd() } catch (error) { console.log(error.code) } process.chdir(home)',
      { stdout: "ENOENT\n" },
    ],
    [
      "a timer that is unref'd",
      `setTimeout(() => console.log("fired"), 20).unref(); ${NAP}`,
      { stdout: "fired\n" },
    ],
    [
      "process.removeAllListeners",
      `process.removeAllListeners(); process.removeAllListeners("uncaughtException"); setTimeout(() => { throw new Error("still seen") }, 10); ${NAP}`,
      { error: /Error: still seen/ },
    ],
    [
      "an own listener for uncaught exceptions",
      `process.once("uncaughtException", () => console.log("mine")); setTimeout(() => { throw new Error("and the kernel's") }, 10); ${NAP}`,
      { error: /Error: and the kernel's/, stdout: "mine\n" },
    ],
    [
      "async hooks",
      `const hook = require("node:async_hooks").createHook({ init() {}, before() {}, after() {} }).enable(); ${NAP}; hook.disable(); 1`,
      { result: "1" },
    ],
    [
      "the inspector opened by a cell",
      'const inspector = require("node:inspector"); inspector.open(0, "127.0.0.1"); await null; inspector.url().slice(0, 5)',
      { result: "'ws://'" },
    ],
    ["process.title", 'process.title = "t".repeat(9999); 1', { result: "1" }],
    ["reading standard input", 'require("node:fs").readFileSync(0, "utf8")', { result: "''" }],
    [
      "process.stdin",
      `process.stdin.on("end", () => console.log("end")).resume(); ${NAP}`,
      { stdout: "end\n" },
    ],
    [
      "process.exitCode and an exit event",
      'process.exitCode = 3; process.on("exit", () => { for (;;); }); 1',
      { result: "1" },
    ],
    [
      "all file descriptors in use",
      'const { openSync, closeSync } = require("node:fs"), fds = []; let code; try { for (;;) fds.push(openSync("/dev/null")) } catch (error) { code = error.code } console.log("still prints"); fds.forEach((fd) => closeSync(fd)); code',
      { result: "'EMFILE'", stdout: "still prints\n" },
    ],
    [
      "a very deep object",
      "let deep = {}; for (let i = 0; i < 1e5; i++) deep = { deep }; deep.deep !== undefined",
      { result: "true" },
    ],
    [
      "Date.now that jumps",
      "const { now } = Date; Date.now = () => -1e15; globalThis.restoreNow = () => { Date.now = now }; restoreNow(); 1",
      { result: "1" },
    ],
  ])("%s", async (_, code, { error, stdout, result }) => {
    await client.execute("var kept = 1, before = process.pid");
    const run = await client.execute(UNCHECKED + code);
    const errors = () =>
      client
        .outputs(run.id)
        .flatMap(({ type, content }) => (type === "error" ? [`${content.ename}: ${content.evalue}`] : []));
    if (error !== undefined) await client.until(() => errors().some((text) => error.test(text)));
    else expect(errors()).toEqual([]);
    if (stdout !== undefined) {
      const printed = () => client.outputs(run.id).map(({ content }) => content.text ?? "");
      await client.until(() => printed().join("") === stdout);
    }
    if (result !== undefined) expect(run.result).toBe(result);
    expect(run.stderr).not.toMatch(/kernel\/|node:internal/);
    const next = await client.execute(
      `${UNCHECKED}console.log("next"); kept === 1 && before === process.pid`,
    );
    expect([next.result, next.stdout]).toEqual(["true", "next\n"]);
  });

  test("a server whose cell runs again: the error says what to do", async () => {
    const port = await freePort();
    const cell = `var server = require("node:http").createServer().listen(${port}); ${NAP}`;
    await client.execute(UNCHECKED + cell);
    const run = await client.execute(UNCHECKED + cell);
    const text = () => String(error({ outputs: client.outputs(run.id) })?.evalue);
    await client.until(() => /EADDRINUSE/.test(text()));
    expect(text()).toContain("server?.close()");
  });

  test("50 MB in one piece are cut, and say so", async () => {
    const printed = await client.execute('console.log("x".repeat(50_000_000))');
    expect(printed.stdout.length).toBeLessThan(2_100_000);
    expect(printed.stdout.slice(-200)).toMatch(
      /… \(48000001 more characters: too much for a notebook; fs.writeFileSync/,
    );
    const result = await client.execute('"x".repeat(50_000_000)');
    expect(result.result).toMatch(/^'x{10000}'\.\.\. 49990000 more characters$/);
    const bundle = await client.execute(
      '({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "x".repeat(50_000_000) }) })',
    );
    expect(bundle.result).toMatch(/could not be displayed: RangeError: it takes 50 MB, and more than 20 MB/);
    const broadcast = await client.execute(
      `${UNCHECKED}globalThis[Symbol.for("Jupyter.broadcast")]("display_data", { data: { "text/html": "x".repeat(50_000_000) } })`,
    );
    expect(broadcast.reply.evalue).toMatch(/it takes 50 MB, and more than 20 MB/);
    const thrown = await client.execute('throw new Error("x".repeat(50_000_000))');
    expect(String(thrown.reply.evalue)).toMatch(/… \(49980000 more characters\)$/);
    const many = await client.execute(
      'throw new AggregateError(Array.from({ length: 1e5 }, (_, i) => new Error("x".repeat(500) + i)))',
    );
    expect((many.reply.traceback as string[]).join("\n")).toContain("99980 more errors");
    expect(JSON.stringify(many.reply).length).toBeLessThan(1_000_000);
  });
});

describe("the process of the cells", () => {
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
    const run = await client.execute(
      '// @ts-nocheck\nrequire("node:child_process").spawn("sh", ["-c", "sleep 0.2; kill -9 " + process.pid], { detached: true }); 1',
    );
    await client.until(() => error({ outputs: client.outputs(run.id) })?.ename === "ProcessEnded");
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
