// Looking at values of the user's process: nothing of the user's runs for it, and a running cell does not hold it up.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CellCompiler } from "../../../kernel/cell/compile.ts";
import type { Outcome } from "../../../kernel/process/active-runs.ts";
import type { Look, LookStep, Output } from "../../../kernel/process/protocol.ts";
import { UserProcess } from "../../../kernel/process/user-process.ts";
import { temporaryFolder } from "../folders.ts";

const compiler = new CellCompiler();
const outputs: Output[] = [];
let user: UserProcess;
let runs = 0;

async function run(code: string): Promise<Outcome> {
  return (await begin(code)).ending;
}

/** Hands a cell over; how it ends is for later. */
async function begin(code: string): Promise<{ ending: Promise<Outcome> }> {
  const cell = await compiler.compile(code, "Cell [1]");
  compiler.commit(cell);
  return { ending: user.run(++runs, cell.runnable) };
}

/**
 * Steps are keys of properties, or of a Map if they stand in a list. No answer is asked for again: on a busy machine one may be
 * too late for people, who wait 0.15 s.
 */
async function look(name: string, ...keys: (string | number | [string | number])[]): Promise<Look | null> {
  for (let turn = 0; turn < 20; turn++) {
    const seen = await lookOnce(name, ...keys);
    if (seen !== null) return seen;
  }
  return null;
}

function lookOnce(name: string, ...keys: (string | number | [string | number])[]): Promise<Look | null> {
  const slot = compiler.slot(name) ?? null;
  const steps = keys.map((key): LookStep => {
    return Array.isArray(key) ? { of: "map", key: key[0] } : { of: "property", key };
  });
  return user.look(slot, slot === null ? [{ of: "global", key: name }, ...steps] : steps);
}

const own = (seen: Look | null) => seen?.members.filter((member) => member.own).map(({ name }) => name);
const names = (seen: Look | null) => seen?.members.map(({ name }) => name);

beforeAll(async () => {
  user = new UserProcess(temporaryFolder(), {
    output: (output) => outputs.push(output),
    requested() {},
    lost() {},
    vanished() {},
    log() {},
  });
  const outcome = await run(`
    const ran = (what: string) => { console.log(what); return 1 };
    const data: any = { x: 1, "b-c": [1, 2, 3], in: { deep: new Map<any, any>([["k", { v: 1 }], [7, "seven"]]) }, get sum() { return ran("getter") } };
    class Shape { sides = 4; #secret = 1; get area() { return ran("getter") } grow() {} toString() { return String(ran("method")) } }
    const shape: any = new Shape();
    const list: any = [data, 2];
    const trap = (): any => ran("trap");
    const proxy = new Proxy({ hidden: 1 }, { get: trap, has: trap, ownKeys: trap, getPrototypeOf: trap, getOwnPropertyDescriptor: trap });
    const child = Object.create(proxy, { mine: { value: 1, enumerable: true } });
    const numbers = new Float32Array(1e6), long = new Array(1e7).fill(0), text: any = "a\\nb", URL = { mine: 1 };
    const big = 10n, date = new Date(0), never = new Date(NaN), error = new TypeError("no"), fn = () => 1, nothing = undefined, none = null, set = new Set([1, "a"]);
    const bare = Object.assign(Object.create(null), { a: 1 }), nan = NaN, zero = -0, sign = Symbol("s"), many = { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7 };
    import * as path from "node:path";
    (globalThis as any).shared = { a: { b: 1 } };
  `);
  expect(outcome).toMatchObject({ status: "ok" });
});
afterAll(() => {
  user.stop();
  expect(outputs).toEqual([]);
});

describe("members", () => {
  test("of an object, its getters among them", async () => {
    const seen = await look("data");
    expect(seen?.plain).toBe(true);
    expect(own(seen)).toEqual(["x", "b-c", "in", "sum"]);
    expect(names(seen)).not.toContain("hasOwnProperty");
  });
  test("of an instance: fields and methods, inherited ones behind its own", async () => {
    const seen = await look("shape");
    expect(seen?.plain).toBe(false);
    expect(names(seen)?.slice(0, 4)).toEqual(["sides", "area", "grow", "toString"]);
    expect(seen?.members.slice(0, 3)).toEqual([
      { name: "sides", type: "property", own: true },
      { name: "area", type: "property", own: false },
      { name: "grow", type: "function", own: false },
    ]);
  });
  test("of arrays, typed arrays and texts those of their class, not the elements", async () => {
    for (const [name, method] of [
      ["list", "map"],
      ["long", "map"],
      ["numbers", "fill"],
      ["text", "slice"],
    ] as const) {
      expect(names(await look(name))).toContain(method);
      expect(names(await look(name))).not.toContain("0");
    }
  });
  test("inside: properties, elements, what a Map has", async () => {
    expect(own(await look("data", "in"))).toEqual(["deep"]);
    expect((await look("data", "in", "deep"))?.mapKeys).toEqual(["k"]);
    expect(own(await look("data", "in", "deep", ["k"]))).toEqual(["v"]);
    expect((await look("data", "in", "deep", [7]))?.preview).toBe('"seven"');
    expect(own(await look("list", 0))).toEqual(["x", "b-c", "in", "sum"]);
    expect((await look("data", "b-c", 1))?.preview).toBe("2");
  });
  test("of names that equal globals, of globals, of modules and without a prototype", async () => {
    expect(own(await look("URL"))).toEqual(["mine"]);
    expect(own(await look("shared", "a"))).toEqual(["b"]);
    expect(own(await look("path"))).toContain("join");
    expect(await look("bare")).toMatchObject({ plain: true, preview: "{ a: 1 }" });
    expect(await look("unheardOf")).toBeNull();
  });
  test("behind a getter or a proxy nothing is looked for", async () => {
    expect(await look("data", "sum")).toBeNull();
    expect(await look("shape", "area")).toBeNull();
    expect(await look("proxy")).toEqual({ preview: "Proxy", plain: false, members: [], mapKeys: [] });
    expect(await look("proxy", "hidden")).toBeNull();
    expect(names(await look("child"))).toEqual(["mine"]);
    expect(await look("child", "hidden")).toBeNull();
    expect(await look("nothing", "x")).toBeNull();
    expect(await look("none", "x")).toBeNull();
  });
});

test.each([
  ["data", '{ x: 1, "b-c": Array(3), in: {…}, sum: (getter) }'],
  ["shape", "Shape { sides: 4 }"],
  ["list", "[{…}, 2]"],
  ["numbers", "Float32Array(1000000) [0, 0, 0, 0, 0, 0, … 999994 more]"],
  ["text", '"a\\nb"'],
  ["big", "10n"],
  ["nan", "NaN"],
  ["date", "1970-01-01T00:00:00.000Z"],
  ["never", "Invalid Date"],
  ["error", "TypeError: no"],
  ["fn", "function fn"],
  ["Shape", "class Shape"],
  ["nothing", "undefined"],
  ["none", "null"],
  ["sign", "Symbol(s)"],
  ["set", 'Set(2) { 1, "a" }'],
  ["many", "{ a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, … 1 more }"],
])("%s in a line", async (name, preview) => {
  expect((await look(name))?.preview).toBe(preview);
});

test("while a loop runs, which goes on", async () => {
  const loop = await begin("let turns = 0; const tick = () => turns++; for (;;) tick();");
  const turnsSeen = async () => Number((await look("turns"))?.preview);
  await expect.poll(turnsSeen).toBeGreaterThan(0);
  const before = await turnsSeen();
  await expect.poll(turnsSeen).toBeGreaterThan(before);
  expect(own(await look("data"))).toEqual(["x", "b-c", "in", "sum"]);
  user.interrupt();
  expect(await loop.ending).toMatchObject({ status: "interrupted", restarted: false });
  expect(await run("if (!(turns > 0)) throw new Error()")).toMatchObject({ status: "ok" });
});

test("while the process waits for another the answer is nothing; afterwards it is there again", async () => {
  const [on, off] = [join(temporaryFolder(), "on"), join(temporaryFolder(), "off")];
  const program = `touch '${on}'; until [ -e '${off}' ]; do sleep 0.05; done`;
  const waiting = await begin(`require("node:child_process").execSync(${JSON.stringify(program)})`);
  await expect.poll(() => existsSync(on)).toBe(true);
  expect(await lookOnce("data")).toBeNull();
  writeFileSync(off, "");
  expect(await waiting.ending).toMatchObject({ status: "ok" });
  await expect.poll(async () => own(await look("data")) ?? []).toContain("x");
});

test("a cell may have broken what it can reach", async () => {
  const broken = await run(`
    const broke = (): any => { throw new Error("broken") };
    Reflect.ownKeys = Reflect.getPrototypeOf = Object.getOwnPropertyDescriptor = broke;
    (JSON as any).stringify = broke; Array.isArray = broke as any; Map.prototype.get = Map.prototype.entries = broke;
    Object.prototype.toString = broke; RegExp.prototype.exec = broke; String.prototype.startsWith = broke;
    void 0;
  `);
  expect(broken).toMatchObject({ status: "ok" });
  expect(own(await look("data"))).toEqual(["x", "b-c", "in", "sum"]);
  expect((await look("data", "in", "deep"))?.mapKeys).toEqual(["k"]);
});

test("a process that has ended: nothing", async () => {
  user.stop();
  expect(await look("data")).toBeNull();
});
