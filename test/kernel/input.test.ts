// Questions of a cell to the person at the front end: a real process, real sockets.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type CellRun, TestClient } from "./client.ts";

let client: TestClient;
let asked: number;

beforeAll(async () => {
  client = await TestClient.start();
});
afterAll(() => client.stop());
beforeEach(() => {
  asked = client.questions.length;
});

const start = (code: string) => client.startCell(code, { allow_stdin: true });
const nextQuestion = () => client.question(asked++);

/** Runs a cell and answers its questions, one after the other. */
async function converse(code: string, ...answers: string[]): Promise<CellRun & { prompts: unknown[] }> {
  const id = await start(code);
  const prompts: unknown[] = [];
  for (const answer of answers) {
    const question = await nextQuestion();
    prompts.push(question.content.prompt);
    await client.answer(answer, question.header);
  }
  return { ...(await client.finishCell(id)), prompts };
}

describe("await input()", () => {
  test("asks on the stdin socket, in the name of the cell, and gives the answer", async () => {
    const id = await start('const name: string = await input("Your name? "); name.toUpperCase()');
    const question = await nextQuestion();
    expect(question.header.msg_type).toBe("input_request");
    expect(question.parent?.msg_id).toBe(id);
    expect(question.content).toEqual({ prompt: "Your name? ", password: false });
    await client.answer("Ada ✓", question.header);
    expect((await client.finishCell(id)).result).toBe("'ADA ✓'");
  });

  test("hides passwords", async () => {
    const id = await start('await input("Password: ", { password: true })');
    const question = await nextQuestion();
    expect(question.content).toEqual({ prompt: "Password: ", password: true });
    await client.answer("secret", question.header);
    expect((await client.finishCell(id)).result).toBe("'secret'");
  });

  test("an answer that does not say to which question belongs to the open one", async () => {
    const id = await start("await input()");
    await nextQuestion();
    await client.answer("anonymous", null);
    expect((await client.finishCell(id)).result).toBe("'anonymous'");
  });

  test("several at once are asked one after the other", async () => {
    const { result, prompts } = await converse(
      'await Promise.all([input("a"), input("b"), input("c")])',
      "1",
      "2",
      "3",
    );
    expect(prompts).toEqual(["a", "b", "c"]);
    expect(result).toBe("[ '1', '2', '3' ]");
  });

  test("the end of the input is an error, at the place of the question", async () => {
    const { reply } = await converse("await input()", "\x04");
    expect(reply).toMatchObject({ status: "error", ename: "EOFError" });
    expect(String(reply.traceback)).toMatch(/Cell \[\d+\]:1:1/);
  });

  test("the type check knows it", async () => {
    const { reply } = await client.executeWrong('const n: number = await input("n")');
    expect(reply.evalue).toMatch(/^TS2322/);
  });
});

describe("without await", () => {
  test("prompt, confirm and alert as on the web", async () => {
    const { result, prompts } = await converse(
      'alert("Mind."); [prompt("Name"), prompt("Size", "3"), prompt("Size", "3"), prompt(), confirm("Sure?"), confirm()]',
      ...["", "Ada", "", "4", "\x04", "Yes", "no"],
    );
    expect(prompts).toEqual([
      ...["Mind. [Enter] ", "Name ", "Size [3] ", "Size [3] ", " ", "Sure? [y/N] ", "[y/N] "],
    ]);
    expect(result).toBe("[ 'Ada', '3', '4', null, true, false ]");
  });

  test("a question is asked in the middle of synchronous code, behind what was printed before", async () => {
    const id = await start(
      'console.log("before"); process.stderr.write("x"); let tries = 0; while (prompt("again?") !== "no") tries++; console.log("after"); tries',
    );
    for (const answer of ["yes", "yes", "no"]) {
      const question = await nextQuestion();
      const printed = () => client.outputs(id).map(({ content }) => content.text);
      await client.until(() => printed().includes("before\n") && printed().includes("x"));
      await client.answer(answer, question.header);
    }
    const { result, stdout } = await client.finishCell(id);
    expect([result, stdout]).toEqual(["2", "before\nafter\n"]);
  });

  test("and after questions that are open already", async () => {
    const { result, prompts } = await converse(
      'const first = input("first"); const second = prompt("second"); [await first, second]',
      "1",
      "2",
    );
    expect(prompts).toEqual(["first", "second "]);
    expect(result).toBe("[ '1', '2' ]");
  });
});

describe.each([
  ["input", 'await input("never")'],
  ["prompt", 'prompt("never")'],
])("while %s waits", (_, question) => {
  test("the kernel answers", async () => {
    const id = await start(`${question}`);
    const { header } = await nextQuestion();
    expect(await client.heartbeat()).toBe("ping");
    expect((await client.request("control", "kernel_info_request", {})).status).toBe("ok");
    const complete = () => client.request("shell", "complete_request", { code: "Math.", cursor_pos: 5 });
    await expect.poll(async () => (await complete()).matches).toContain("sqrt");
    await client.answer("now", header);
    expect((await client.finishCell(id)).result).toBe("'now'");
  });

  test("an interrupt ends the cell at once, with the state kept", async () => {
    await client.execute("let kept = 0");
    for (let turn = 1; turn <= 5; turn++) {
      const id = await start(`kept++; ${question}; kept = -1`);
      await nextQuestion();
      await client.interrupt();
      expect((await client.finishCell(id)).reply).toMatchObject({ ename: "KeyboardInterrupt" });
      expect((await client.execute("kept")).result).toBe(String(turn));
    }
  });

  test("a late answer to an interrupted question is not taken for that to the next one", async () => {
    const first = await start(question);
    const stale = await nextQuestion();
    await client.interrupt();
    await client.finishCell(first);
    await client.answer("too late, in between", stale.header);
    const second = await start(question);
    const fresh = await nextQuestion();
    await client.answer("too late", stale.header);
    await client.answer("in time", fresh.header);
    expect((await client.finishCell(second)).result).toBe("'in time'");
    await client.until(() => client.log.includes("a question that is not open"));
  });

  test("a client that takes no questions gets an error at once", async () => {
    for (const options of [{ allow_stdin: false }, {}]) {
      const { reply } = await client.execute(`"line 1";\n${question}`, options);
      expect(reply).toMatchObject({ status: "error", ename: "StdinNotImplementedError" });
      expect(reply.evalue).toMatch(/\(\) got no answer: the program that runs this cell takes no questions/);
      expect(String(reply.traceback)).toMatch(/Cell \[\d+\]:2:/);
    }
    expect(client.questions).toHaveLength(asked);
  });

  test("a timer cannot ask when its cell has ended, also not while another one runs", async () => {
    const id = await start(
      `setTimeout(async () => { try { ${question} } catch (e) { console.log((e as Error).message) } }, 200)`,
    );
    await client.finishCell(id);
    await client.execute("await new Promise((resolve) => setTimeout(resolve, 400))", { allow_stdin: true });
    const name = question.includes("input") ? "input" : "prompt";
    await client.until(() => client.outputs(id).some(({ type }) => type === "stream"));
    expect(client.outputs(id).at(-1)?.content.text).toBe(
      `${name}() got no answer: its cell is not running any more.\n`,
    );
  });
});

test("a question that its cell did not wait for is withdrawn", async () => {
  const id = await start('input("who?").catch((e) => console.log(e.message)); 1');
  await nextQuestion();
  await client.finishCell(id);
  await client.until(() => client.outputs(id).some(({ type }) => type === "stream"));
  expect(client.outputs(id).at(-1)?.content.text).toMatch(/not running any more/);
  expect((await converse("await input()", "fine")).result).toBe("'fine'");
});

test("when the process dies under a question the next one is asked by the new process", async () => {
  for (const question of ['await input("die?")', 'prompt("die?")']) {
    const { result: pid } = await client.execute("process.pid");
    const id = await start(question);
    const lost = await nextQuestion();
    process.kill(Number(pid), "SIGKILL");
    expect((await client.finishCell(id)).reply).toMatchObject({ ename: "ProcessEnded" });
    await client.answer("nobody", lost.header);
    expect((await converse(question, "alive")).result).toBe("'alive'");
  }
});

test("the names can be used for one's own", async () => {
  const { result } = await client.execute(
    "const input = 1, confirm = 2; { const alert = 3; const prompt = 4; } [input, confirm, typeof alert]",
  );
  expect(result).toBe("[ 1, 2, 'function' ]");
  expect((await client.execute("input + confirm")).result).toBe("3");
  const own = "Object.keys(globalThis).filter((name) => /^(input|prompt|confirm|alert)$/.test(name)).join()";
  expect((await client.execute(own)).result).toBe("''");
});
