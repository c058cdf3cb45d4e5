// The server's process: killed, stuck or slow, the notebook goes on.
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { Notebook, withPatience } from "./notebook.ts";

/** A type which keeps the server busy for longer than anyone waits, and does not notice a cancellation. */
const SLOW_TYPE = `
type Permutations<T, K = T> = [T] extends [never] ? [] : K extends K ? [K, ...Permutations<Exclude<T, K>>] : never;
const slow: Permutations<"a" | "b" | "c" | "d" | "e" | "f" | "g" | "h" | "i" | "j"> = 1 as any;`;

let notebook: Notebook;
const rejections: unknown[] = [];
const note = (reason: unknown) => rejections.push(reason);
beforeEach(() => {
  notebook = new Notebook();
  rejections.length = 0;
  process.on("unhandledRejection", note);
});
afterEach(async () => {
  await notebook.close();
  process.off("unhandledRejection", note);
  expect(rejections).toEqual([]);
});

const pid = () => notebook.language.pid as number;

function isRunning(process_: number): boolean {
  try {
    return process.kill(process_, 0);
  } catch {
    return false;
  }
}

describe("killed", () => {
  withPatience();

  test("between two questions: the next one works, with all names", async () => {
    await notebook.run("class P { x = 1 }\nlet p = new P()");
    await notebook.run("const f = () => p");
    await notebook.run("class P { y = 's' }\ndeclare global { var shared: number }");
    const old = pid();
    process.kill(old, "SIGKILL");
    expect(await notebook.codes("f().x.toFixed(); new P().y.length; shared.toFixed()")).toEqual([]);
    expect(await notebook.codes("f().y")).toEqual([2339]);
    expect(pid()).not.toBe(old);
  });

  test("over questions: they are asked again", async () => {
    await notebook.run("const point = { x: 1 }");
    const answers = [
      notebook.codes("point.y"),
      notebook.texts("point.|"),
      notebook.hover("poi|nt").then((hover) => hover?.plain),
    ];
    process.kill(pid(), "SIGKILL");
    expect(await Promise.all(answers)).toEqual([
      [2339],
      ["x"],
      "const point: { x: number; }".replace(/\{ (.*) \}/, "{\n    $1\n}"),
    ]);
  });

  test("a cell executed meanwhile is known to the new one", async () => {
    await notebook.run("const a = 1");
    process.kill(pid(), "SIGKILL");
    notebook.language.commit("const b = 'x'");
    expect(await notebook.codes("a.toFixed(); b.length")).toEqual([]);
  });

  test("again and again: the answers become empty, nothing rejects", async () => {
    // All within the minute in which so many starts are too many.
    vi.spyOn(performance, "now").mockReturnValue(performance.now());
    onTestFinished(() => void vi.restoreAllMocks());
    for (let i = 0; i < 5; i++) {
      expect(await notebook.language.check("1", 20_000)).toEqual([]);
      process.kill(pid(), "SIGKILL");
      while (isRunning(pid())) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(await notebook.language.check("nothing", 20_000)).toBeNull();
    expect(await notebook.texts("Mat|")).toEqual([]);
    expect(await notebook.hover("Ma|th")).toBeNull();
    notebook.language.commit("const a = 1");
  });
});

test("a stopped process that does not answer is replaced", async () => {
  await notebook.run("const a = 1");
  const old = pid();
  process.kill(old, "SIGSTOP");
  expect(await notebook.language.check("a.length", 100)).toBeNull();
  while (isRunning(old)) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await notebook.codes("a.length")).toEqual([2339]);
});

test("a type that takes too long: late, and the notebook goes on", async () => {
  await notebook.run("const before = 1");
  expect(await notebook.language.check(SLOW_TYPE, 300)).toBeNull();
  notebook.language.commit(SLOW_TYPE);
  expect(await notebook.codes("before.toFixed()")).toEqual([]);
  // by now the types of the slow cell have been given up
  expect(await notebook.codes("slow.anything; let p: Permutations<'a'>; before.length")).toEqual([2339]);
});

test("a time limit of nothing is late, the next check is not", async () => {
  expect(await notebook.language.check("nothing", 0)).toBeNull();
  expect(await notebook.codes("nothing")).toEqual([2304]);
});

describe("stop", () => {
  test("ends the process", async () => {
    await notebook.codes("1");
    const process_ = pid();
    expect(isRunning(process_)).toBe(true);
    await notebook.language.stop();
    expect(isRunning(process_)).toBe(false);
  });

  test("while it starts", async () => {
    notebook.language.start();
    await notebook.language.stop();
    expect(notebook.language.pid === undefined || !isRunning(pid())).toBe(true);
  });

  test("afterwards answers are empty and no process is started", async () => {
    await notebook.language.stop();
    notebook.language.start();
    expect(await notebook.language.check("nothing", 20_000)).toBeNull();
    expect(await notebook.language.complete("Mat", 3)).toEqual({ start: 3, end: 3, items: [] });
    expect(await notebook.language.hover("Math", 2)).toBeNull();
    expect(await notebook.language.hover("f(", 2)).toBeNull();
    expect(notebook.language.pid).toBeUndefined();
  });
});

test("without a folder there are no answers, and no error", async () => {
  const { Language } = await import("../../../kernel/language/language.ts");
  const language = new Language({ directory: `${notebook.directory}/nothing/here` });
  language.start();
  expect(await language.check("nothing", 20_000)).toBeNull();
  language.commit("const a = 1");
  await language.stop();
});
