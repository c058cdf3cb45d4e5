// Every way in which a cell can go on without end, interrupted 20 times in a row: it stops, and nothing is lost.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestClient } from "./client.ts";
import { temporaryFolder } from "./folders.ts";

const directory = temporaryFolder();
let client: TestClient;

beforeAll(async () => {
  client = await TestClient.start({ directory });
});
afterAll(() => client.stop());

const UNCHECKED = "// @ts-nocheck\n";
const NEVER = "await new Promise(() => {})";
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A module whose only function is `loop br 0 end`. */
const WASM =
  "new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, " +
  "7, 5, 1, 1, 102, 0, 0, 10, 9, 1, 7, 0, 3, 64, 12, 0, 11, 11))).exports.f()";

async function pid(): Promise<string | undefined> {
  return (await client.execute("process.pid")).result;
}

/** Resolves when a cell has printed something. */
const hasPrinted = (id: string) =>
  client.until(() => client.outputs(id).some(({ type }) => type === "stream"));

/** Starts a cell, and interrupts it a moment after it has printed something, here or in its code. */
async function interrupt(code: string, delay: number, begin = 'console.log("on");'): Promise<void> {
  const id = await client.startCell(`${UNCHECKED}${begin} ${code}`);
  await hasPrinted(id);
  await pause(delay);
  await client.interrupt();
  const { reply } = await client.finishCell(id);
  expect(reply).toMatchObject({
    status: "error",
    ename: "KeyboardInterrupt",
    evalue: "The cell was interrupted.",
  });
}

describe("the state is kept", () => {
  test.each([
    ["an endless loop", "for (;;);"],
    [
      "a loop that catches every error",
      "for (;;) { try { throw new Error() } catch {} finally { for (;;); } }",
    ],
    ["a loop after an await", "await null; for (;;);"],
    ["a loop in a timer", `setTimeout(() => { for (;;); }); ${NEVER}`],
    ["a loop in a generator", "function* ticks() { for (;;) yield 1 } for (const _ of ticks());"],
    ["a promise that never settles", NEVER],
    ["microtasks without end", `(function tick() { Promise.resolve().then(tick) })(); ${NEVER}`],
    ["while (true) await null", "while (true) await null"],
    ["nextTick without end", `(function tick() { process.nextTick(tick) })(); ${NEVER}`],
    ["setImmediate without end", `(function tick() { setImmediate(tick) })(); ${NEVER}`],
    ["timers without end", "for (;;) await new Promise((resolve) => setTimeout(resolve, 0))"],
    [
      "streams without end",
      'const { PassThrough } = require("node:stream"); for (;;) { const s = new PassThrough(); s.end("x"); for await (const _ of s); }',
    ],
    ["files read without end", 'for (;;) await require("node:fs").promises.stat(".")'],
    ["WebAssembly", WASM],
    ["a flood of output", 'for (;;) console.log("x".repeat(1000))'],
    ["a regular expression that backtracks without end", '/^(a+)+$/.test("a".repeat(60) + "b")'],
    ["Atomics.wait", "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)"],
    [
      "a worker thread that loops",
      'new (require("node:worker_threads").Worker)("for (;;);", { eval: true }).unref(); for (;;);',
    ],
  ])("%s", async (kind, code) => {
    const before = await pid();
    await client.execute("var kept = 0");
    // A thread takes memory and processor until its end: few of them show the same.
    const rounds = kind.startsWith("a worker") ? 2 : 20;
    for (let round = 0; round < rounds; round++) await interrupt(`kept++;\n${code}`, 3 * round);
    expect((await client.execute("kept")).result).toBe(String(rounds));
    // What does not end within five seconds loses its process.
    expect(await pid()).toBe(before);
  });

  test("a program that the cell waits for", async () => {
    await client.execute('var { execSync, spawnSync } = require("node:child_process"), programs = 0;');
    for (let round = 0; round < 20; round++) {
      const wait = round % 2 === 0 ? 'execSync("sleep 30")' : 'spawnSync("sleep", ["30"])';
      await interrupt(`programs++; ${wait}; for (;;);`, 60);
    }
    expect((await client.execute("programs")).result).toBe("20");
  });

  test("a program that ignores SIGINT", async () => {
    await client.execute('let here = "kept"');
    await interrupt(
      `require("node:child_process").execSync("trap '' INT; echo on; for i in 1 2 3 4 5 6 7 8 9; do sleep 1; done", { stdio: "inherit" })`,
      0,
      "",
    );
    expect((await client.execute("here")).result).toBe("'kept'");
  });

  test("a loop goes on from where an interrupt has stopped it: variables have the values of that moment", async () => {
    await client.execute("let count = 0");
    await interrupt("for (let i = 0; i >= 0; i += 1) { count += 1 }", 300);
    expect(Number((await client.execute("count")).result)).toBeGreaterThan(1000);
  });
});

describe("native calls, which V8 cannot stop", () => {
  /** Takes minutes, and 20 MB. */
  const HASH =
    'require("node:crypto").scryptSync("a", "b", 64, { N: 2 ** 14, r: 8, p: 3000, maxmem: 2 ** 26 })';

  test("a native call: the cell says so within a second, and a second interrupt replaces the process", async () => {
    for (let round = 0; round < 2; round++) {
      await client.execute("var gone = 1");
      const id = await client.startCell(`${UNCHECKED}console.log("on"); ${HASH}`);
      await hasPrinted(id);
      await pause(300);
      await client.interrupt();
      await client.interrupt(); // a nervous finger does not cost the variables
      const announced = () =>
        client.outputs(id).some(({ content }) => /native code.*interrupt again/s.test(String(content.text)));
      await client.until(announced);
      await client.interrupt();
      const { reply } = await client.finishCell(id);
      expect(reply).toMatchObject({ status: "error", ename: "KeyboardInterrupt" });
      expect(reply.evalue).toMatch(/process was replaced. All variables are lost/);
      expect((await client.execute(`${UNCHECKED}typeof gone`)).result).toBe("'undefined'");
    }
  });

  test("a native call that ends by itself in that time keeps the state", async () => {
    await client.execute("let patient = 1");
    const id = await client.startCell(
      `${UNCHECKED}const until = Date.now() + 2000; require("node:fs").writeFileSync("fifo.sh", "mkfifo pipe; sleep 2; echo > pipe");
       require("node:child_process").spawn("sh", ["fifo.sh"], { detached: true }); while (!require("node:fs").existsSync("pipe")); require("node:fs").readFileSync("pipe")`,
    );
    await client.until(() => client.states(id).includes("busy"));
    await pause(500);
    await client.interrupt();
    expect((await client.finishCell(id)).reply.evalue).toBe("The cell was interrupted.");
    expect((await client.execute("patient")).result).toBe("1");
  });
});

describe("what an interrupted cell has left", () => {
  test("its loops over awaits end, those of functions too, and finally blocks run", async () => {
    await client.execute("var turns = 0, cleaned = 0");
    await interrupt(
      `const nap = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
       async function work() { try { for (;;) { await nap(5); turns++ } } finally { cleaned++ } }
       void work(); for await (const _ of (async function* () { for (;;) yield await nap(5) })()) if (++turns > 5) console.log("on");`,
      100,
      "",
    );
    await client.execute("await new Promise((resolve) => setTimeout(resolve, 50))");
    const turns = (await client.execute("turns")).result;
    await client.execute("await new Promise((resolve) => setTimeout(resolve, 200))");
    expect((await client.execute("turns")).result).toBe(turns);
    expect((await client.execute("cleaned")).result).toBe("1");
    expect(Number(turns)).toBeGreaterThan(0);
  });

  test("its timers end, the silent ones too", async () => {
    await client.execute("var fired = 0");
    await interrupt(
      `const again = () => { fired++; setImmediate(again) }; again(); setInterval(() => fired++, 5);
       (function later() { fired++; setTimeout(later, 5) })(); setTimeout(() => console.log("on"), 20); ${NEVER}`,
      100,
      "",
    );
    await client.execute("await new Promise((resolve) => setTimeout(resolve, 50))");
    const fired = (await client.execute("fired")).result;
    await client.execute("await new Promise((resolve) => setTimeout(resolve, 100))");
    expect((await client.execute("fired")).result).toBe(fired);
    expect(Number(fired)).toBeGreaterThan(0);
  });

  test("its ticks end, and hold up no other cell", async () => {
    await client.execute("var ticks = 0");
    await interrupt(`setTimeout(function tick() { ticks++; process.nextTick(tick) }, 300); ${NEVER}`, 0);
    await client.execute("while (ticks === 0) await new Promise((resolve) => setTimeout(resolve, 10))");
    await client.execute("await new Promise((resolve) => setTimeout(resolve, 200))");
    const ticks = (await client.execute("ticks")).result;
    await client.execute("await new Promise((resolve) => setTimeout(resolve, 100))");
    expect((await client.execute("ticks")).result).toBe(ticks);
  });

  test("its timers are silent", async () => {
    const id = await client.startCell(
      `let ticks = 0; const ticking = setInterval(() => { ticks++; console.log("tick") }, 20); ${NEVER}`,
    );
    await hasPrinted(id);
    await client.interrupt();
    const { outputs } = await client.finishCell(id);
    await client.execute("await new Promise((r) => setTimeout(r, 200)); clearInterval(ticking)");
    expect(client.outputs(id)).toEqual(outputs);
  });

  test("a flood that is interrupted says that its rest is left out, and the next cell has its own output", async () => {
    const begin = performance.now();
    const id = await client.startCell('for (let i = 0; ; i++) console.log("x".repeat(5000))');
    await client.until(() => client.outputs(id).length > 20);
    await pause(1500);
    await client.interrupt();
    const run = await client.finishCell(id);
    expect(run.stderr).toMatch(/printed more than could be shown/);
    const seconds = (performance.now() - begin) / 1000;
    expect(run.stdout.length).toBeLessThan(3_000_000 * Math.ceil(seconds / 4));
    expect((await client.execute('console.log("mine")')).stdout).toBe("mine\n");
  });
});

describe("the moment of an interrupt", () => {
  test("with nothing running it is harmless", async () => {
    for (let round = 0; round < 5; round++) expect(await client.interrupt()).toEqual({ status: "ok" });
    expect((await client.execute("let x = 1; await null; x + 1")).result).toBe("2");
  });

  test("SIGINT to the kernel does the same as a request", async () => {
    const id = await client.startCell("for (;;);");
    await client.until(() => client.states(id).includes("busy"));
    await pause(100);
    client.process.kill("SIGINT");
    expect((await client.finishCell(id)).reply.ename).toBe("KeyboardInterrupt");
  });

  test("many at once stop one cell, and the queue behind it", async () => {
    const ids = [
      await client.startCell("for (;;);"),
      await client.startCell("1"),
      await client.startCell("2"),
    ];
    await client.until(() => client.states(ids[0]!).includes("busy"));
    await client.request("shell", "kernel_info_request", {}); // the kernel has all three
    await Promise.all(Array.from({ length: 10 }, () => client.interrupt()));
    const runs = await Promise.all(ids.map((id) => client.finishCell(id)));
    expect(runs.map(({ reply }) => reply.status)).toEqual(["error", "aborted", "aborted"]);
    expect((await client.execute("3")).result).toBe("3");
  });

  test("between cells of a queue each one runs or is stopped, and every one is answered", async () => {
    const ids: string[] = [];
    for (let n = 0; n < 40; n++) ids.push(await client.startCell(`${n}`, { stop_on_error: false }));
    for (let n = 0; n < 20; n++) {
      await client.interrupt();
      await pause(1);
    }
    const runs = await Promise.all(ids.map((id) => client.finishCell(id)));
    for (const [n, { reply, result }] of runs.entries()) {
      if (reply.status === "ok") expect(result).toBe(String(n));
      else expect(reply.ename).toBe("KeyboardInterrupt");
    }
    expect((await client.execute("41")).result).toBe("41");
  });

  test("during the type check, the compilation and an import", async () => {
    // A type that takes the checker seconds; a cell of many lines; a module that waits.
    const types = `type Deep<N extends number, T extends unknown[] = []> = T["length"] extends N ? T : Deep<N, [...T, T["length"]]>;
      type All = { [K in Deep<900>[number]]: Deep<900> }; let deep: All | undefined;`;
    const long = Array.from({ length: 2000 }, (_, i) => `let long${i} = ${i};`).join("\n");
    const slow = 'import "data:text/javascript,await new Promise((resolve) => setTimeout(resolve, 3000))"';
    for (const code of [`${types} for (;;);`, `${long} for (;;);`, `${slow}; for (;;);`]) {
      for (const delay of [0, 5, 50]) {
        const id = await client.startCell(code);
        await client.until(() => client.states(id).includes("busy"));
        await pause(delay);
        await client.interrupt();
        await pause(100);
        await client.interrupt(); // should the first have come before the cell
        expect((await client.finishCell(id)).reply.status).toBe("error");
      }
    }
    expect((await client.execute("4")).result).toBe("4");
  });
});
