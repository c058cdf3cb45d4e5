// What magics do: a real process, real sockets.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CellRun, TestClient } from "../client.ts";
import { temporaryFolder } from "../folders.ts";

const directory = realpathSync(temporaryFolder());
let client: TestClient;

beforeAll(async () => {
  mkdirSync(join(directory, "sub"));
  writeFileSync(join(directory, "sub", "inner.txt"), "inside");
  writeFileSync(join(directory, "hello.ts"), 'console.log("hello");\n');
  client = await TestClient.start({ directory });
});
afterAll(() => client.stop());

const traceback = (run: CellRun) => (run.reply.traceback as string[]).join("\n");
const displayed = (run: CellRun) =>
  run.outputs.filter(({ type }) => type === "display_data").map(({ content }) => content.data) as Record<
    string,
    string
  >[];

const isRunning = (command: string): boolean =>
  execFileSync("ps", ["-eo", "args="], { encoding: "utf8" }).split("\n").includes(command);

/** An end for the command lines of this test's processes: others may run the same test. */
const OWN = process.pid;

describe("%time", () => {
  const TIMES = /^CPU times: user .+, sys: .+, total: .+\nWall time: .+ (?:s|ms|µs)\n$/;

  test("an expression: its value stays", async () => {
    const run = await client.execute("%time 6 * 7");
    expect(run.result).toBe("42");
    expect(run.stdout).toMatch(TIMES);
  });

  test("a statement: its names stay, also over several lines", async () => {
    const run = await client.execute("%time const timed = [1,\n  2].map((n) => n * 2)\ntimed.length");
    expect([run.reply.status, run.result]).toEqual(["ok", "2"]);
    expect(run.stdout).toMatch(TIMES);
    expect((await client.execute("timed")).result).toBe("[ 2, 4 ]");
  });

  test("a promise is waited for", async () => {
    const run = await client.execute(
      '%time new Promise((resolve) => setTimeout(() => resolve("done"), 120))',
    );
    expect(run.result).toBe("'done'");
    expect(run.stdout).toMatch(/Wall time: 1\d\d ms|Wall time: [2-9]\d\d ms|Wall time: .* s\n/);
  });

  test("errors keep their places", async () => {
    const thrown = await client.execute('const before = 1;\n%time null!.x; throw new Error("no")');
    expect(thrown.reply).toMatchObject({ status: "error" });
    const placed = await client.execute('  %time JSON.parse("{")');
    expect(traceback(placed)).toMatch(/Cell \[\d+\]:1:14/);
    const types = await client.executeWrong('%time const wrong: number = "x"');
    expect(traceback(types)).toMatch(/Cell \[\d+\]:1:13/);
    const syntax = await client.execute("%time let = ;");
    expect(syntax.reply).toMatchObject({ ename: "SyntaxError" });
    expect(traceback(syntax)).toContain("%time let = ;");
  });

  test("%%time: a whole cell, its value and names", async () => {
    const run = await client.execute(
      "#| label: x\n\n%%time\nlet sum = 0;\nfor (let i = 0; i < 10; i++) sum += i;\nsum",
    );
    expect(run.result).toBe("45");
    expect(run.stdout).toMatch(TIMES);
    const error = await client.execute('%%time\nlet one = 1;\nthrow new RangeError("far")');
    expect(traceback(error)).toMatch(/Cell \[\d+\]:3:7/);
    const options = await client.execute("%%time\n#| label: x\n//| echo: true\n7");
    expect(options.result).toBe("7");
    const ends = await client.execute("%%time\nconsole.log(1)\n!echo 2 // 3");
    expect(ends.stdout).toMatch(/^1\n2 \/\/ 3\nCPU/);
    const nested = await client.execute("%%time\n%time 5");
    expect(nested.stdout.match(/Wall time/g)).toHaveLength(2);
    expect(nested.result).toBe("5");
  });
});

describe("%cd", () => {
  test("in its turn, with ~ and - and a clear error", async () => {
    const run = await client.execute(
      'import { readFileSync } from "node:fs";\nlet here = process.cwd();\n%cd sub\nconsole.log(readFileSync("inner.txt", "utf8"));\n%cd -\n[here, process.cwd()]',
    );
    expect(run.stdout).toBe(`${join(directory, "sub")}\ninside\n${directory}\n`);
    expect(run.result).toContain(`'${directory}', '${directory}'`.slice(0, 20));
    expect((await client.execute("%cd ~\n!pwd\n%cd -")).stdout).toBe(
      `${realpathSync(homedir())}\n${realpathSync(homedir())}\n${directory}\n`,
    );
    const missing = await client.execute("1;\n  %cd nowhere");
    expect(missing.reply).toMatchObject({
      ename: "MagicError",
      evalue: `%cd: There is no nowhere. The folder is still ${directory}.`,
    });
    expect(traceback(missing)).toMatch(/Cell \[\d+\]:2:3/);
  });
});

test("%env lists, shows and sets", async () => {
  const run = await client.execute("%env FRUIT=two pears\n!echo $FRUIT\n%env FRUIT\nprocess.env.FRUIT");
  expect(run.stdout).toBe("env: FRUIT=two pears\ntwo pears\ntwo pears\n");
  expect(run.result).toBe("'two pears'");
  const list = await client.execute("%env MY_API_KEY=123\n%env");
  expect(list.stdout).toContain("\nFRUIT=two pears\n");
  expect(list.stdout).toContain("\nMY_API_KEY=<hidden>\n");
  expect((await client.execute("%env NOT_THERE")).reply).toMatchObject({ ename: "MagicError" });
});

describe("!command", () => {
  test("streams, exit code, and the code after it", async () => {
    const run = await client.execute("!echo out; echo err >&2; exit 3\nconsole.log(_exit_code)");
    expect([run.stdout, run.stderr]).toEqual(["out\n[exit code 3]\n3\n", "err\n"]);
    expect(run.reply.status).toBe("ok");
    expect((await client.execute("!echo one \\\n  two\n_exit_code")).stdout).toBe("one two\n");
  });

  test("output comes while it runs; an interrupt ends it and what it has started", async () => {
    const id = await client.startCell(`!echo started; sleep 9871.${OWN}; echo on\nconsole.log('never')`);
    await client.until(() => client.outputs(id).some(({ content }) => content.text === "started\n"));
    await client.interrupt();
    const run = await client.finishCell(id);
    expect(run.reply).toMatchObject({ ename: "KeyboardInterrupt" });
    await expect.poll(() => isRunning(`sleep 9871.${OWN}`)).toBe(false);
    expect(client.outputs(id).map(({ content }) => content.text)).not.toContain("never\n");
  });

  test("what it leaves in the background ends with the process of the cells", async () => {
    const run = await client.execute(`!sleep 9872.${OWN} & echo $!`);
    expect(run.stdout).toMatch(/^\d+\n$/);
    await expect.poll(() => isRunning(`sleep 9872.${OWN}`)).toBe(true);
    await client.execute("%reset");
    await expect.poll(() => isRunning(`sleep 9872.${OWN}`)).toBe(false);
  });

  test("one that prints for ever can be interrupted", async () => {
    const id = await client.startCell(`!yes ${OWN}`);
    await client.until(() => client.outputs(id).length > 3);
    await client.interrupt();
    expect((await client.finishCell(id)).reply).toMatchObject({ ename: "KeyboardInterrupt" });
    expect((await client.execute("6 * 7")).result).toBe("42");
    await expect.poll(() => isRunning(`yes ${OWN}`)).toBe(false);
  });

  test("nothing to read, and nothing hangs", async () => {
    expect((await client.execute("!cat")).stdout).toBe("");
  });
});

test("%%writefile and %load", async () => {
  const text = 'const a = `\n%cd x`; // "\\n"\n\tend  ';
  const run = await client.execute(`%%writefile out.txt\n${text}`);
  expect(run.stdout).toBe("Writing out.txt\n");
  expect(readFileSync(join(directory, "out.txt"), "utf8")).toBe(text);
  expect((await client.execute("%%writefile -a out.txt\nmore\n")).stdout).toBe("Appending to out.txt\n");
  expect(readFileSync(join(directory, "out.txt"), "utf8")).toBe(`${text}\nmore\n`);
  expect((await client.execute("%%writefile out.txt\n")).stdout).toBe("Overwriting out.txt\n");
  const missing = await client.execute("%%writefile no/folder.txt\nx");
  expect(missing.reply.evalue).toContain("There is no folder for no/folder.txt");
  expect(existsSync(join(directory, "no"))).toBe(false);

  const loaded = await client.execute("%load hello.ts");
  expect(loaded.reply.payload).toEqual([
    { source: "set_next_input", text: '// %load hello.ts\nconsole.log("hello");\n', replace: true },
  ]);
  expect((await client.execute("%load none.ts")).reply.evalue).toBe("%load: There is no none.ts.");
});

test("%who and %whos never run a getter", async () => {
  await client.execute("%reset");
  expect((await client.execute("%who")).stdout).toBe("The notebook has no names yet.\n");
  await client.execute(
    "let ran = false; const lazy = { get x() { ran = true; return 1 }, y: 2 };\n" +
      "const trap = new Proxy({}, { get() { ran = true }, getPrototypeOf() { ran = true; return null } });\n" +
      "class Tagged { get [Symbol.toStringTag]() { ran = true; return 't' } }\nconst tagged = new Tagged();\n" +
      "interface Shape { a: number }\nenum Color { Red }\nfunction twice(n: number) { return 2 * n }\nconst URL = 5;",
  );
  const run = await client.execute("const late = new Float32Array(3);\n%who\n%whos\nconst later = 1;");
  expect(run.stdout).toBe("Color  late  lazy  ran  Shape  tagged  Tagged  trap  twice  URL\n");
  const [table] = displayed(run);
  const rows = Object.fromEntries(
    (table?.["text/plain"] ?? "")
      .split("\n")
      .map((line) => [line.split(/ {2,}/)[0], line.split(/ {2,}/).slice(1)]),
  );
  expect(rows).toMatchObject({
    lazy: ["const", "Object", "{ x: (getter), y: 2 }"],
    late: ["const", "Float32Array", "Float32Array(3) [0, 0, 0]"],
    trap: ["const", "Proxy", "Proxy"],
    tagged: ["const", "Tagged", "Tagged {}"],
    Shape: ["interface"],
    Color: ["enum", "Object", '{ 0: "Red", Red: 0 }'],
    URL: ["const", "number", "5"],
  });
  expect(table?.["text/html"]).toContain("<td");
  expect((await client.execute("ran")).result).toBe("false");
});

test("%reset: all names are gone, for the process and for the type check", async () => {
  await client.execute("const gone = 1; globalThis.kept = 2");
  const run = await client.execute("%reset -f\nconst fresh = 3;\nfresh");
  expect(run.stdout).toBe("All names are forgotten: the cells run in a new process.\n");
  expect(run.result).toBe("3");
  expect((await client.executeWrong("gone")).reply).toMatchObject({ ename: "TypeScriptError" });
  expect((await client.execute("// @ts-nocheck\ntypeof gone")).result).toBe("'undefined'");
  expect((await client.execute("fresh")).result).toBe("3");
});

test("%typecheck: error, warn, off", async () => {
  const wrong = 'const n: number = "text";\nconsole.log("ran")';
  expect((await client.execute("%typecheck")).stdout).toBe(
    "%typecheck error: type errors stop a cell before it runs.\n",
  );
  expect((await client.executeWrong(wrong)).reply).toMatchObject({ ename: "TypeScriptError" });
  let warned = await client.execute(`%typecheck warn\n${wrong}`);
  for (let i = 0; i < 20 && displayed(warned).length === 0; i++)
    warned = await client.execute(`%typecheck warn\n${wrong}`); // the check was late
  expect(warned.reply.status).toBe("ok");
  expect(warned.stdout).toBe("%typecheck warn: type errors are shown and the cell runs.\nran\n");
  expect(warned.stderr).toBe("");
  expect(displayed(warned)[0]?.["text/plain"]).toMatch(/^TS2322: .*number[\s\S]*:2:7[\s\S]*const n/);
  await client.execute("%typecheck off");
  const unchecked = await client.execute(wrong);
  expect([unchecked.stdout, displayed(unchecked)]).toEqual(["ran\n", []]);
  await client.execute("%typecheck error");
  expect((await client.executeWrong(wrong)).reply).toMatchObject({ ename: "TypeScriptError" });
  expect((await client.execute("%typecheck sometimes")).reply.evalue).toContain("Usage: %typecheck");
});

describe("help", () => {
  test("name? gives one page", async () => {
    await client.execute("/** Three times as much. */\nfunction thrice(n: number) { return 3 * n }");
    const payload = async (code: string) => (await client.execute(code)).reply.payload;
    // On a busy machine the language server may be too late for an answer.
    await expect
      .poll(() => payload("thrice?"))
      .toMatchObject([
        {
          source: "page",
          start: 0,
          data: {
            "text/plain": expect.stringMatching(/thrice\(n: number\): number[\s\S]*Three times as much/),
            "text/markdown": expect.stringContaining("```typescript"),
          },
        },
      ]);
    for (const name of ["Math.max?", "console?"]) {
      const text = expect.stringMatching(`^(?!.*Nothing)[\\s\\S]*${name.slice(0, 4)}`);
      await expect.poll(() => payload(name)).toMatchObject([{ data: { "text/plain": text } }]);
    }
    const unknown = (await client.execute("nope?")).reply.payload as [{ data: Record<string, string> }];
    expect(unknown[0].data["text/plain"]).toBe("Nothing is known of nope.");
  });

  test("%magics, %time?, hover, completion, is_complete", async () => {
    const list = (await client.execute("%magics")).stdout;
    for (const name of ["%time %%time ", "%env", "%%writefile", "!command", "name?"])
      expect(list).toContain(name);
    const page = (await client.execute("%time?")).reply.payload as [{ data: Record<string, string> }];
    expect(page[0].data["text/plain"]).toContain("%%time");

    const ask = (type: string, code: string, cursor_pos: number) =>
      client.request("shell", type, { code, cursor_pos, detail_level: 0 });
    const hover = async (cursor: number) =>
      ((await ask("inspect_request", "1;\n%time thrice(1)", cursor)).data as Record<string, string>)[
        "text/plain"
      ];
    expect(await hover(5)).toContain("says how long".slice(1));
    await expect.poll(async () => (await hover(11)) ?? "").toContain("thrice(n: number)");

    const matches = async (code: string) => (await ask("complete_request", code, code.length)).matches;
    expect(await matches("%wh")).toEqual(["%who", "%whos"]);
    expect(await matches("%")).toContain("%%writefile");
    expect(await matches("const a = 1;\n%wr")).toEqual([]);
    expect(await matches("%cd s")).toEqual(["sub/"]);
    expect(await matches("%load sub/in")).toEqual(["inner.txt"]);
    expect(await matches("%typecheck w")).toEqual(["warn"]);
    await expect.poll(() => matches("%cd sub\nconst z = thr")).toContain("thrice");
    await expect.poll(() => matches("%time thr")).toContain("thrice");

    const complete = async (code: string) => (await ask("is_complete_request", code, 0)).status;
    expect(await complete("%cd sub")).toBe("complete");
    expect(await complete("!ls -l")).toBe("complete");
    expect(await complete("!ls \\")).toBe("incomplete");
    expect(await complete("%%time")).toBe("incomplete");
    expect(await complete("%%writefile x\nabc")).toBe("incomplete");
    expect(await complete("%%writefile x\nabc\n")).toBe("complete");
    expect(await complete("%time f(")).toBe("incomplete");
    expect(await complete("%cd x\nif (a) {")).toBe("incomplete");
    expect(await complete("Math?")).toBe("complete");
  });
});

test("what is wrong with a magic is said, and nothing of the cell runs", async () => {
  const fails = async (code: string) => {
    const run = await client.execute(`console.log("runs");\n${code}`);
    expect([run.reply.ename, run.stdout]).toEqual(["MagicError", ""]);
    expect(traceback(run)).toMatch(/Cell \[\d+\]:2:1/);
    return run.reply.evalue;
  };
  expect(await fails("%tiem f()")).toBe("There is no magic %tiem. Did you mean %time? %magics lists all.");
  expect(await fails("%matplotlib inline")).toBe("There is no magic %matplotlib. %magics lists all.");
  expect(await fails("%%bash")).toContain("There is no magic %%bash.");
  expect(await fails("%%cd x")).toContain("one sign");
  expect(await fails("%writefile x")).toContain("two signs");
  expect(await fails("%%time")).toContain("must be the first line");
  expect(await fails("%load")).toBe("%load needs something behind it. Usage: %load file");
  expect(await fails("%who x")).toContain('does not take "x"');
  const nested = await client.execute("if (true) {\n  %cd sub\n}");
  expect(nested.reply).toMatchObject({ ename: "SyntaxError" });
  expect(nested.reply.evalue).toContain("outside of braces");
});

test("positions below magics stay", async () => {
  const run = await client.execute('!true\n%env A=1\nlet x = 1;\n%cd .\n  throw new Error("here")');
  expect(traceback(run)).toMatch(/Cell \[\d+\]:5:9/);
  const types = await client.executeWrong("!true\n%env A=1\n  const y: string = 1;");
  expect(traceback(types)).toMatch(/Cell \[\d+\]:3:9/);
  const joined = await client.execute("const list = [1]\n%cd .\n[2].length");
  expect(joined.result).toBe("1");
});
