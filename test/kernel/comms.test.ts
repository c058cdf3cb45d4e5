// Comms between the code of cells and a front end: a real process, real sockets.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Message } from "../../kernel/wire/message.ts";
import { TestClient } from "./client.ts";

let client: TestClient;

beforeAll(async () => {
  client = await TestClient.start();
});
afterAll(() => client.stop());

type Extras = Parameters<TestClient["send"]>[3];

/** Sends a message of a comm and waits until it has been handled. */
async function deliver(type: string, content: object, extras?: Extras): Promise<string> {
  const id = await client.send("shell", type, { data: {}, ...content }, extras);
  await client.until(() => client.states(id).includes("idle"));
  return id;
}

const comms = async (target_name?: string) =>
  (await client.request("shell", "comm_info_request", { target_name })).comms;

/** Starts a cell and waits until its code has run up to its first await. */
async function startCell(code: string): Promise<string> {
  const id = await client.startCell(`console.log("started"); ${code}`);
  await client.until(() => client.outputs(id).some(({ type }) => type === "stream"));
  return id;
}

const published = (parent: string, type: string): Message[] =>
  client.published.filter((message) => message.parent?.msg_id === parent && message.header.msg_type === type);

/** Opens a comm from a cell, with more code behind it; gives its id. */
async function openFromCell(target: string, code: string): Promise<string> {
  const run = await client.execute(`{ const comm = comms.open<any>(${JSON.stringify(target)}); ${code} }`);
  expect(run.reply.status).toBe("ok");
  return published(run.id, "comm_open")[0]?.content.comm_id as string;
}

describe("opened by a cell", () => {
  test("open, messages and close go to the front end in the name of the cell", async () => {
    const { id, reply } = await client.execute(`
      const sent = comms.open("sent", { a: 1 }, { metadata: { version: "2.1.0" } });
      sent.send({ b: [2, "✓"] }, { metadata: { m: true } }); sent.send(); sent.close({ c: 3 }); sent.close(); sent.closed`);
    expect(reply.status).toBe("ok");
    const messages = client.published.filter(
      ({ parent, header }) => parent?.msg_id === id && header.msg_type.startsWith("comm"),
    );
    const comm_id = messages[0]?.content.comm_id;
    expect(comm_id).toMatch(/^[0-9a-f]{32}$/);
    expect(messages.map(({ header, content, metadata }) => [header.msg_type, content, metadata])).toEqual([
      ["comm_open", { comm_id, target_name: "sent", data: { a: 1 } }, { version: "2.1.0" }],
      ["comm_msg", { comm_id, data: { b: [2, "✓"] } }, { m: true }],
      ["comm_msg", { comm_id, data: {} }, {}],
      ["comm_close", { comm_id, data: { c: 3 } }, {}],
    ]);
    expect(client.outputs(id).at(-1)).toMatchObject({
      type: "execute_result",
      content: { data: { "text/plain": "true" } },
    });
  });

  test("output and messages of a handler belong to the message it handles", async () => {
    const comm_id = await openFromCell(
      "echo",
      'comm.onMessage = ({ data, metadata }) => { console.log("got", data.value); comm.send({ twice: 2 * data.value, metadata }) }',
    );
    const id = await deliver("comm_msg", { comm_id, data: { value: 21 } }, { metadata: { m: 1 } });
    expect(client.states(id)).toEqual(["busy", "idle"]);
    expect(client.outputs(id)).toEqual([
      { type: "stream", content: { name: "stdout", text: "got 21\n" } },
      { type: "comm_msg", content: { comm_id, data: { twice: 42, metadata: { m: 1 } } } },
    ]);
  });

  test("the front end closes", async () => {
    const comm_id = await openFromCell(
      "closing",
      "comm.onClose = ({ data }) => { console.log(data.why, comm.closed); try { comm.send() } catch (e) { console.log((e as Error).message) } }",
    );
    const id = await deliver("comm_close", { comm_id, data: { why: "done" } });
    expect(client.outputs(id)[0]?.content.text).toBe(
      "done true\nThe comm 'closing' is closed; comms.open opens another one.\n",
    );
    expect(await comms("closing")).toEqual({});
    await deliver("comm_msg", { comm_id });
    await client.until(() => client.log.includes("a comm_msg to a comm that is not open"));
  });

  test("a handler that is asynchronous ends when its promise does", async () => {
    const comm_id = await openFromCell(
      "slow",
      "comm.onMessage = async () => { await new Promise((r) => setTimeout(r, 100)); console.log('late') }",
    );
    const id = await deliver("comm_msg", { comm_id });
    expect(client.outputs(id)).toEqual([{ type: "stream", content: { name: "stdout", text: "late\n" } }]);
  });

  test("what is no message is refused, with the reason", async () => {
    const { stdout } = await client.execute(`// @ts-nocheck
      const bad = comms.open("bad");
      for (const attempt of [
        () => bad.send(1), () => bad.send({ n: 1n }), () => bad.send({}, { buffers: ["text"] }), () => comms.open(),
        () => comms.register("t", 3), () => bad.send({}, { metadata: [] }),
      ]) try { attempt() } catch (error) { console.log(error.name, error.message) }`);
    expect(stdout.trimEnd().split("\n")).toEqual([
      "TypeError The data of a comm message is an object such as { value: 1 }, not 1.",
      "TypeError A comm message cannot be sent: its data has no JSON form (Do not know how to serialize a BigInt).",
      "TypeError The buffers of a comm message are ArrayBuffers or views of them such as Uint8Array, not 'text'.",
      "TypeError The target of a comm is a name, not undefined.",
      "TypeError comms.register takes the target's name and a function, not 3.",
      "TypeError The metadata of a comm message is an object such as { value: 1 }, not [].",
    ]);
  });
});

describe("opened by the front end", () => {
  test("a registered target gets the comm and the message that opened it", async () => {
    await client.execute(`comms.register<{ value: number }>("target", (comm, opening) => {
      console.log("open", comm.target, comm.id, opening.data.value, opening.metadata);
      comm.onMessage = ({ data }) => comm.send({ next: data.value + 1 });
    })`);
    const opening = { comm_id: "front-1", target_name: "target", data: { value: 1 } };
    const opened = await deliver("comm_open", opening, { metadata: { m: 1 } });
    expect(client.outputs(opened)[0]?.content.text).toBe("open target front-1 1 { m: 1 }\n");
    const id = await deliver("comm_msg", { comm_id: "front-1", data: { value: 5 } });
    expect(client.outputs(id)[0]?.content).toEqual({ comm_id: "front-1", data: { next: 6 } });
    expect(await comms("target")).toEqual({ "front-1": { target_name: "target" } });
  });

  test("registering again replaces, unregistering ends it", async () => {
    const open = async (comm_id: string) => {
      const id = await deliver("comm_open", { comm_id, target_name: "again" });
      return client.outputs(id).map(({ type, content }) => content.text ?? type);
    };
    for (const version of [1, 2])
      await client.execute(`comms.register("again", () => console.log(${version}))`);
    expect(await open("a")).toEqual(["2\n"]);
    await client.execute('comms.unregister("again")');
    expect(await open("b")).toEqual(["comm_close"]);
    await client.until(() => client.log.includes('no cell has registered the comm target "again"'));
  });

  test("a target that a cell on its way registers is waited for, and so are the messages behind", async () => {
    const cell = await client.startCell(
      'await new Promise((r) => setTimeout(r, 200)); comms.register("soon", (comm) => { comm.onMessage = ({ data }) => console.log(data.n) })',
    );
    await client.send("shell", "comm_open", { comm_id: "s", target_name: "soon", data: {} });
    const ids = await Promise.all([1, 2, 3].map((n) => deliver("comm_msg", { comm_id: "s", data: { n } })));
    await client.finishCell(cell);
    expect(ids.map((id) => client.outputs(id)[0]?.content.text)).toEqual(["1\n", "2\n", "3\n"]);
  });

  test("a handler that throws is shown and harms nothing", async () => {
    const { reply } = await client.execute(
      'comms.register("broken", (comm) => { comm.onMessage = () => {\nthrow new RangeError("too far") }; })',
    );
    await deliver("comm_open", { comm_id: "x", target_name: "broken" });
    for (let turn = 0; turn < 2; turn++) {
      const id = await deliver("comm_msg", { comm_id: "x" });
      const [error] = client.outputs(id);
      expect(error).toMatchObject({ type: "error", content: { ename: "RangeError", evalue: "too far" } });
      expect(String(error?.content.traceback)).toContain(`Cell [${reply.execution_count}]:2:`);
    }
    expect((await client.execute("1 + 1")).result).toBe("2");
  });

  test("malformed messages are dropped with a line in the log", async () => {
    for (const content of [{}, { comm_id: 3 }, { comm_id: "m" }, { comm_id: "m", target_name: [] }])
      await deliver("comm_open", content);
    await deliver("comm_msg", { comm_id: "front-1", data: [1] });
    await client.until(() =>
      /"comm_id" has to be a text[\s\S]*"target_name" has to be a text[\s\S]*"data" has to be an object/.test(
        client.log,
      ),
    );
    const id = await deliver("comm_msg", { comm_id: "front-1", data: { value: 1 } });
    expect(client.outputs(id)).toHaveLength(1);
  });
});

test("comm_info lists what is open", async () => {
  const one = await openFromCell("listed", "");
  const two = await openFromCell("listed too", "");
  expect(await comms("listed")).toEqual({ [one]: { target_name: "listed" } });
  expect(await comms()).toMatchObject({
    [one]: { target_name: "listed" },
    [two]: { target_name: "listed too" },
  });
  expect(await comms("nothing")).toEqual({});
});

describe("binary buffers", () => {
  test("both ways, bit for bit, of every kind and length", async () => {
    const comm_id = await openFromCell(
      "binary",
      `comm.onMessage = ({ buffers }) => comm.send(
         { lengths: buffers.map((b) => b.length), alone: buffers.every((b) => b.byteOffset === 0 && b.buffer.byteLength === b.length) },
         { buffers: [...buffers, new Float64Array([0.5]), new Uint8Array([1, 2, 3, 4]).subarray(1, 3), new ArrayBuffer(2),
                     new DataView(new SharedArrayBuffer(3), 1), new Uint8Array(0)] })`,
    );
    const newlines = new TextEncoder().encode('{"a":1}\n\n[0]\n');
    const large = Uint8Array.from({ length: 200_000 }, (_, index) => index * 7);
    const id = await deliver("comm_msg", { comm_id }, { buffers: [newlines, new Uint8Array(0), large] });
    const [answer] = published(id, "comm_msg");
    expect(answer?.content.data).toEqual({ lengths: [newlines.length, 0, 200_000], alone: true });
    const bytes = answer?.buffers.map((buffer) => [...buffer]);
    expect(bytes?.slice(0, 2)).toEqual([[...newlines], []]);
    expect(Buffer.compare(answer?.buffers[2] as Uint8Array, large)).toBe(0);
    expect(bytes?.slice(3)).toEqual([[0, 0, 0, 0, 0, 0, 0xe0, 0x3f], [2, 3], [0, 0], [0, 0], []]);
  });

  test("the sender may go on to change its own", async () => {
    const { id } = await client.execute(
      'const mine = new Uint8Array([1]); const b = comms.open("b", {}, { buffers: [mine] }); mine[0] = 2; mine.length',
    );
    expect(published(id, "comm_open")[0]?.buffers.map((buffer) => [...buffer])).toEqual([[1]]);
  });

  test("many megabytes", async () => {
    const comm_id = await openFromCell(
      "huge",
      "comm.onMessage = ({ buffers }) => comm.send({}, { buffers })",
    );
    const bytes = new Uint8Array(20_000_000).fill(7);
    const id = await deliver("comm_msg", { comm_id }, { buffers: [bytes] });
    expect(published(id, "comm_msg")[0]?.buffers[0]).toHaveLength(bytes.length);
  });
});

describe("while a cell runs", () => {
  test("its messages reach the code as soon as the cell awaits", async () => {
    const comm_id = await openFromCell("stop", "comm.onMessage = () => { (globalThis as any).go = true }");
    const cell = await startCell(
      "globalThis.go = false; while (!globalThis.go) await new Promise((r) => setTimeout(r, 10)); 'stopped'",
    );
    const id = await deliver("comm_msg", { comm_id });
    expect((await client.finishCell(cell)).result).toBe("'stopped'");
    expect(client.states(id)).toEqual(["busy", "idle"]);
  });

  test("messages are handled in their order, when the cell has been too busy for them", async () => {
    const comm_id = await openFromCell("order", "comm.onMessage = ({ data }) => console.log(data.n)");
    const cell = await client.startCell(
      "{ const end = performance.now() + 300; while (performance.now() < end); }",
    );
    const ids: string[] = [];
    for (let n = 0; n < 50; n++) ids.push(await client.send("shell", "comm_msg", { comm_id, data: { n } }));
    expect(Object.keys((await comms("order")) as object)).toEqual([comm_id]);
    await client.finishCell(cell);
    await client.until(() => ids.every((id) => client.states(id).includes("idle")));
    expect(ids.map((id) => client.outputs(id)[0]?.content.text)).toEqual(ids.map((_, n) => `${n}\n`));
  });

  test("thousands of messages do not make the cell's output lose its way", async () => {
    const comm_id = await openFromCell("slider", "comm.onMessage = () => { (globalThis as any).moves++ }");
    const cell = await startCell(
      "globalThis.moves = 0; while (globalThis.moves < 1500) await new Promise((r) => setTimeout(r, 5)); console.log('all')",
    );
    for (let n = 0; n < 1500; n++) await client.send("shell", "comm_msg", { comm_id, data: {} });
    expect((await client.finishCell(cell)).stdout).toBe("started\nall\n");
  });
});

describe("interrupts", () => {
  test("a handler that loops while no cell runs", async () => {
    const comm_id = await openFromCell("loop", "comm.onMessage = () => { for (;;); }");
    await client.execute("let kept = 5");
    for (let turn = 0; turn < 5; turn++) {
      const id = await client.send("shell", "comm_msg", { comm_id, data: {} });
      await client.until(() => client.states(id).includes("busy"));
      await client.interrupt();
      await client.until(() => client.states(id).includes("idle"));
      expect(client.outputs(id)).toMatchObject([{ type: "error", content: { ename: "KeyboardInterrupt" } }]);
      expect((await client.execute("kept")).result).toBe("5");
    }
  });

  test("a handler that waits for ever, and the cell that runs beside it", async () => {
    const comm_id = await openFromCell("wait", "comm.onMessage = () => new Promise(() => {})");
    const cell = await startCell("await new Promise(() => {})");
    const id = await client.send("shell", "comm_msg", { comm_id, data: {} });
    await client.until(() => client.states(id).includes("busy"));
    await client.interrupt();
    expect((await client.finishCell(cell)).reply).toMatchObject({ ename: "KeyboardInterrupt" });
    await client.until(() => client.states(id).includes("idle"));
    expect(client.outputs(id)).toMatchObject([{ type: "error", content: { ename: "KeyboardInterrupt" } }]);
    expect((await client.execute("kept")).result).toBe("5");
  });

  test("a handler that loops under a cell that awaits: both end, what comes behind runs", async () => {
    const looping = await openFromCell("loop", "comm.onMessage = () => { for (;;); }");
    const fine = await openFromCell("fine", 'comm.onMessage = () => console.log("fine")');
    const cell = await startCell("await new Promise(() => {})");
    const loop = await client.send("shell", "comm_msg", { comm_id: looping, data: {} });
    await client.until(() => client.states(loop).includes("busy"));
    const interrupted = client.interrupt();
    const next = await client.startCell("'next'");
    await interrupted;
    const behind = await deliver("comm_msg", { comm_id: fine });
    expect((await client.finishCell(cell)).reply).toMatchObject({ ename: "KeyboardInterrupt" });
    await client.finishCell(next);
    expect(client.outputs(behind)).toMatchObject([{ content: { text: "fine\n" } }]);
    expect((await client.execute("kept")).result).toBe("5");
  });
});

test("a handler cannot ask questions: the front end has no place for them", async () => {
  const comm_id = await openFromCell("asks", "comm.onMessage = () => prompt('?')");
  const id = await deliver("comm_msg", { comm_id });
  expect(client.outputs(id)).toMatchObject([{ content: { ename: "StdinNotImplementedError" } }]);
});

test("types: data of handlers, messages that are no objects", async () => {
  const wrong =
    'const typed = comms.open<{ v: number }>("typed"); typed.onMessage = ({ data }) => { const s: string = data.v }';
  expect((await client.executeWrong(wrong)).reply.evalue).toMatch(/^TS2322/);
  expect((await client.executeWrong('comms.open("t").send(5)')).reply.evalue).toMatch(/^TS2345/);
  const { reply } = await client.execute(
    'comms.open("t").onMessage = ({ data, buffers }) => { data.x; new Float32Array(buffers[0]!.buffer) }',
  );
  expect(reply.evalue).toBeUndefined();
});

test("the name can be used for one's own, and is not listed among the globals", async () => {
  const { result } = await client.execute(
    "const comms = 1, Comm = 2; [comms, Comm, Object.keys(globalThis).includes('comms')]",
  );
  expect(result).toBe("[ 1, 2, false ]");
});

test("comms are closed when the process of the cells ends", async () => {
  const before = Object.keys((await comms()) as object);
  expect(before.length).toBeGreaterThan(3);
  const { result: pid } = await client.execute("process.pid");
  const cell = await startCell("await new Promise(() => {})");
  await client.until(() => client.states(cell).includes("busy"));
  process.kill(Number(pid), "SIGKILL");
  await client.finishCell(cell);
  const closed = published(cell, "comm_close").map(({ content }) => content.comm_id);
  expect(closed).toEqual(before);
  expect(await comms()).toEqual({});
  const id = await deliver("comm_open", { comm_id: "late", target_name: "target" });
  expect(client.outputs(id)).toMatchObject([{ type: "comm_close" }]);
});

test("a process that dies under a handler is announced in the latest cell, and the next cell has a new one", async () => {
  const comm_id = await openFromCell("dies", "comm.onMessage = () => { for (;;); }");
  const { id: latest, result: pid } = await client.execute("process.pid");
  const id = await client.send("shell", "comm_msg", { comm_id, data: {} });
  await client.until(() => client.states(id).includes("busy"));
  process.kill(Number(pid), "SIGKILL");
  await client.until(() => client.states(id).includes("idle"));
  expect(published(latest, "error")[0]?.content.ename).toBe("ProcessEnded");
  expect(published(latest, "comm_close")[0]?.content).toEqual({ comm_id, data: {} });
  expect((await client.execute("1 + 1")).result).toBe("2");
});
