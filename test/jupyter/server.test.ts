// A real Jupyter server, driven by JupyterLab's own client library: what a notebook front end asks of a kernel.
import {
  type Kernel,
  KernelManager,
  type KernelMessage,
  ServerConnection,
  SessionManager,
} from "@jupyterlab/services";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Place, type Server } from "./programs.ts";

const place = new Place();
let server: Server;
let sessions: SessionManager;
let kernels: KernelManager;
let kernel: Kernel.IKernelConnection;

beforeAll(async () => {
  await place.installKernel();
  server = await place.server("jupyter_server");
  const settings = ServerConnection.makeSettings({
    baseUrl: server.url,
    wsUrl: server.url.replace("http", "ws"),
    token: server.token,
    appendToken: true,
  });
  kernels = new KernelManager({ serverSettings: settings });
  sessions = new SessionManager({ serverSettings: settings, kernelManager: kernels });
  const session = await sessions.startNew({
    path: "lesson.ipynb",
    name: "lesson.ipynb",
    type: "notebook",
    kernel: { name: "lectern" },
  });
  kernel = session.kernel!;
  await kernel.info;
}, 600_000);

afterAll(async () => {
  await sessions?.shutdownAll();
  sessions?.dispose();
  kernels?.dispose();
  await server?.stop();
  place.remove();
}, 600_000);

/** Runs a cell; gives its reply and what was published for it, without the status messages. */
async function execute(
  code: string,
): Promise<{ reply: KernelMessage.IExecuteReplyMsg["content"]; published: Published[] }> {
  const published: Published[] = [];
  const future = kernel.requestExecute({ code });
  future.onIOPub = (message) => {
    if (message.header.msg_type === "status" || message.header.msg_type === "execute_input") return;
    published.push({ type: message.header.msg_type, content: message.content as Published["content"] });
  };
  const reply = await future.done;
  return { reply: reply.content, published };
}

interface Published {
  type: string;
  content: { data?: Record<string, unknown>; text?: string; ename?: string; evalue?: string };
}

test("kernel_info says TypeScript", async () => {
  const { language_info, status } = await kernel.info;
  expect(status).toBe("ok");
  expect(language_info).toMatchObject({
    name: "typescript",
    file_extension: ".ts",
    mimetype: "application/typescript",
  });
});

test("execute: state is kept, results and streams are published", async () => {
  await execute("const greeting: string = 'hello';");
  const { reply, published } = await execute("console.log(greeting);\ngreeting.length");
  expect(reply.status).toBe("ok");
  expect(published).toMatchObject([
    { type: "stream", content: { name: "stdout", text: "hello\n" } },
    { type: "execute_result", content: { data: { "text/plain": "5" } } },
  ]);
});

test("display: a bundle with a picture", async () => {
  const bundle = '({ [Symbol.for("Jupyter.display")]: () => ({ "image/png": "aGk=", "text/plain": "hi" }) })';
  const { published } = await execute(`display(${bundle});`);
  expect(published).toMatchObject([
    { type: "display_data", content: { data: { "image/png": "aGk=", "text/plain": "hi" } } },
  ]);
});

test("an error comes as error message and reply alike", async () => {
  const { reply, published } = await execute('throw new RangeError("too far")');
  expect(reply).toMatchObject({ status: "error", ename: "RangeError", evalue: "too far" });
  expect(published).toMatchObject([{ type: "error", content: { ename: "RangeError", evalue: "too far" } }]);
});

test("complete", async () => {
  await execute("const numbers = [1, 2, 3];");
  const code = "numbers.fla";
  await expect
    .poll(async () => matches(await kernel.requestComplete({ code, cursor_pos: code.length })), {
      timeout: 240_000,
    })
    .toEqual(expect.arrayContaining(["flat", "flatMap"]));
}, 600_000);

function matches({ content }: KernelMessage.ICompleteReplyMsg): string[] {
  return content.status === "ok" ? content.matches : [];
}

test("inspect", async () => {
  await execute("/** How many are enough. */\nconst enough = 3;");
  await expect
    .poll(
      async () =>
        JSON.stringify(
          (await kernel.requestInspect({ code: "enough", cursor_pos: 3, detail_level: 0 })).content,
        ),
      {
        timeout: 240_000,
      },
    )
    .toContain("How many are enough.");
}, 600_000);

test("is_complete", async () => {
  const status = async (code: string) => (await kernel.requestIsComplete({ code })).content.status;
  expect(await status("for (const x of [1]) {")).toBe("incomplete");
  expect(await status("1 + 1")).toBe("complete");
});

test("interrupt ends a busy loop and keeps the state", async () => {
  await execute("let kept = 41;");
  const future = kernel.requestExecute({ code: 'console.log("spinning");\nwhile (true) {}' });
  const spinning = new Promise<void>((resolve) => {
    future.onIOPub = (message) => {
      if (message.header.msg_type === "stream") resolve();
    };
  });
  await spinning;
  await kernel.interrupt();
  expect((await future.done).content.status).toBe("error");
  const { published } = await execute("kept + 1");
  expect(published).toMatchObject([{ content: { data: { "text/plain": "42" } } }]);
}, 600_000);

test("restart forgets", async () => {
  await execute("var forgotten = 1;");
  await kernel.restart();
  await kernel.info;
  const { published } = await execute("typeof (globalThis as Record<string, unknown>).forgotten");
  expect(published).toMatchObject([{ content: { data: { "text/plain": "'undefined'" } } }]);
}, 600_000);
