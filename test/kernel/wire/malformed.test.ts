// 250,000 malformed messages over all five sockets: afterwards the kernel answers as before, and has not grown.
import { execFileSync } from "node:child_process";
import { connect as connectTcp } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Dealer, type Socket, XSubscriber } from "zeromq";
import { TestClient } from "../client.ts";
import { Malformed } from "./malformed.ts";

// The first three rounds warm up: V8 sizes its heap, ZeroMQ its buffers.
const ROUNDS = 5;
/** Some time V8 makes its heap larger by 100 MB at once, where it stays. A leak grows in these rounds too. */
const MORE_ROUNDS = 3;
const PER_ROUND = { shell: 15_000, control: 12_000, stdin: 8_000, iopub: 8_000, heartbeat: 7_000 };

let client: TestClient;
const sockets: Socket[] = [];

beforeAll(async () => {
  client = await TestClient.start();
});
afterAll(async () => {
  for (const socket of sockets) socket.close();
  await client.stop();
});

/** In megabytes. */
function memory(): number {
  return Number(execFileSync("ps", ["-o", "rss=", "-p", String(client.process.pid)])) / 1024;
}

async function flood(dealer: Dealer, count: number, next: () => Buffer[]): Promise<void> {
  for (let i = 0; i < count; i++) await dealer.send(next());
}

/** What the kernel sends is read, as a client would: what nobody reads waits in the kernel. */
async function readAll(socket: Dealer | XSubscriber): Promise<void> {
  try {
    for await (const _frames of socket);
  } catch (error) {
    if (!socket.closed) throw error;
  }
}

test("250,000 malformed messages", { timeout: 900_000 }, async () => {
  const begin = performance.now();
  const generate = new Malformed(20_26, client.connection.key);
  const open = (port: "shell_port" | "control_port" | "stdin_port" | "hb_port") => {
    const dealer = new Dealer({ linger: 0 });
    dealer.connect(client.address(port));
    sockets.push(dealer);
    void readAll(dealer);
    return dealer;
  };
  const [shell, control, stdin, heartbeat] = [
    open("shell_port"),
    open("control_port"),
    open("stdin_port"),
    open("hb_port"),
  ];
  const iopub = new XSubscriber({ linger: 0 });
  iopub.connect(client.address("iopub_port"));
  sockets.push(iopub);
  void readAll(iopub);
  // The same subscriptions in every round: ZeroMQ itself keeps each distinct one (about 2 kB) until its sender leaves.
  const subscribe = async () => {
    const topics = new Malformed(20_27, client.connection.key);
    for (let i = 0; i < PER_ROUND.iopub; i++) await iopub.send(topics.subscription());
  };

  const sizes: number[] = [];
  const hasGrown = () => sizes.at(-1)! >= Math.min(sizes.at(-3)! + 80, 450);
  for (let round = 0; round < ROUNDS || (round < ROUNDS + MORE_ROUNDS && hasGrown()); round++) {
    await Promise.all([
      flood(shell, PER_ROUND.shell, () => generate.message()),
      flood(control, PER_ROUND.control, () => generate.message()),
      flood(stdin, PER_ROUND.stdin, () => generate.message()),
      flood(heartbeat, PER_ROUND.heartbeat, () => generate.noise()),
      subscribe(),
    ]);
    await answersEverywhere();
    sizes.push(memory());
    client.published.length = 0;
  }
  const sent = ROUNDS * Object.values(PER_ROUND).reduce((sum, count) => sum + count);
  expect(sent).toBeGreaterThanOrEqual(100_000);
  expect(hasGrown(), `megabytes: ${sizes}`).toBe(false);
  expect(client.log).toMatch(/wrong signature/);
  // Twenty lines in ten seconds, of 3000 characters at most.
  const windows = Math.ceil((performance.now() - begin) / 10_000) + 1;
  expect(client.log.length).toBeLessThan(70_000 * windows);
});

test("what is not even ZeroMQ", async () => {
  const ports = ["shell_port", "control_port", "stdin_port", "iopub_port", "hb_port"] as const;
  await Promise.all(
    ports.flatMap((port) =>
      ["GET / HTTP/1.1\r\n\r\n", "\xff".repeat(1000), ""].map(
        (text) =>
          new Promise<void>((resolve) => {
            const socket = connectTcp(client.connection[port], "127.0.0.1", () => socket.end(text));
            socket.on("error", () => {}).on("close", () => resolve());
            socket.resume();
          }),
      ),
    ),
  );
  await answersEverywhere();
});

/** A valid request on each socket. */
async function answersEverywhere(): Promise<void> {
  expect((await client.execute("6 * 7")).result).toBe("42");
  expect((await client.request("shell", "is_complete_request", { code: "{" })).status).toBe("incomplete");
  expect((await client.request("control", "kernel_info_request", {})).status).toBe("ok");
  expect(await client.heartbeat()).toBe("ping");
  const asked = client.questions.length;
  const id = await client.startCell('await input("?")', { allow_stdin: true });
  await client.answer("yes", (await client.question(asked)).header);
  expect((await client.finishCell(id)).result).toBe("'yes'");
}
