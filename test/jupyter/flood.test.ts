// A flood of output through a real Jupyter server with its default limits, to a front end's websocket.
import { type Kernel, KernelManager, type KernelMessage, ServerConnection } from "@jupyterlab/services";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Place, type Server } from "./programs.ts";

const place = new Place();
let server: Server;
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
  kernel = await kernels.startNew({ name: "lectern" });
  await kernel.info;
}, 600_000);

afterAll(async () => {
  await kernels?.shutdownAll();
  kernels?.dispose();
  await server?.stop();
  place.remove();
}, 600_000);

interface Seen {
  readonly stdout: string;
  readonly stderr: string;
  readonly messages: number;
}

function start(code: string): Promise<Seen> {
  let [stdout, stderr, messages] = ["", "", 0];
  const future = kernel.requestExecute({ code });
  future.onIOPub = (message) => {
    if (message.header.msg_type !== "status") messages++;
    if (message.header.msg_type !== "stream") return;
    const { name, text } = message.content as KernelMessage.IStreamMsg["content"];
    if (name === "stdout") stdout += text;
    else stderr += text;
  };
  return future.done.then(() => ({ stdout, stderr, messages })); // done: reply and idle are there
}

const lines = (text: (i: number) => string) =>
  Array.from({ length: 100_000 }, (_, i) => `${text(i)}\n`).join("");

test("100,000 lines through Jupyter's server: none lost, none in the wrong cell, in order", async () => {
  const first = start(
    "for (let i = 0; i < 100_000; i++) console.log('line', i, 'of a flood of lines in a cell')",
  );
  const second = start('console.log("mine")');
  const flood = await first;
  expect(flood.stderr).toBe("");
  expect(flood.stdout === lines((i) => `line ${i} of a flood of lines in a cell`)).toBe(true);
  expect((await second).stdout).toBe("mine\n");
  expect(server.log()).not.toContain("rate exceeded");
}, 600_000);

test("50 MB in one text and thousands of displays: the websocket lives, the server lets all through", async () => {
  const cut = await start('console.log("x".repeat(50_000_000))');
  expect(cut.stdout).toMatch(/more characters: too much for a notebook/);
  const wide = await start('console.log("漢".repeat(1_500_000))');
  expect(wide.stdout === `${"漢".repeat(1_500_000)}\n`).toBe(true);
  const shown = await start("for (let i = 0; i < 5000; i++) display(i)");
  expect(shown.messages).toBe(5001); // and execute_input
  expect((await start('console.log("alive")')).stdout).toBe("alive\n");
  expect(server.log()).not.toContain("rate exceeded");
}, 600_000);
