// The whole kernel over each transport, and encrypted.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { curveKeyPair, Dealer, Request, type Socket, Subscriber } from "zeromq";
import { TestClient } from "../client.ts";

/** All sockets but stdin, which has tests of its own. */
async function works(connection: object): Promise<void> {
  const client = await TestClient.start({ connection });
  try {
    expect((await client.execute('console.log("hello"); 6 * 7')).result).toBe("42");
    expect((await client.request("control", "kernel_info_request", {})).status).toBe("ok");
    expect(await client.heartbeat()).toBe("ping");
    const id = await client.startCell("while (true) {}");
    await client.until(() => client.states(id).includes("busy"));
    await client.interrupt();
    expect((await client.finishCell(id)).reply.ename).toBe("KeyboardInterrupt");
  } finally {
    await client.stop();
  }
}

const ipcPorts = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 };

/** Unix sockets have short paths. */
async function overIpc(connection: object): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "ipc-"));
  try {
    await works({ transport: "ipc", ip: join(folder, "kernel"), ...ipcPorts, ...connection });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("IPC", () => overIpc({}));

test("TCP on all interfaces", () => works({ ip: "0.0.0.0" }));

test("TCP over IPv6", () => works({ ip: "::1" }));

const { publicKey, secretKey } = curveKeyPair();
const keys = { curve_publickey: publicKey, curve_secretkey: secretKey };

test("IPC, encrypted", () => overIpc(keys));

test("TCP, encrypted: clients without the keys get no answer and hear nothing", async () => {
  const client = await TestClient.start({ connection: keys });
  const strangers: Socket[] = [];
  try {
    const other = curveKeyPair();
    const wrongServer = {
      curvePublicKey: other.publicKey,
      curveSecretKey: other.secretKey,
      curveServerKey: other.publicKey,
    };
    const heard: string[] = [];
    for (const [name, options] of Object.entries({ plain: {}, wrongServer })) {
      const settings = { linger: 0, immediate: false, ...options };
      const shell = new Dealer(settings);
      const heartbeat = new Request(settings);
      const iopub = new Subscriber(settings);
      strangers.push(shell, heartbeat, iopub);
      shell.connect(client.address("shell_port"));
      heartbeat.connect(client.address("hb_port"));
      iopub.connect(client.address("iopub_port"));
      iopub.subscribe("");
      // They know the key of the signature, but that does not help them.
      await shell.send(client.pack("kernel_info_request", {}));
      await heartbeat.send("ping");
      for (const socket of [shell, heartbeat, iopub])
        socket.receive().then(
          () => heard.push(name),
          () => {}, // closed
        );
    }
    expect((await client.execute("1 + 1")).result).toBe("2");
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await client.heartbeat()).toBe("ping");
    expect(heard).toEqual([]);
  } finally {
    for (const stranger of strangers) stranger.close();
    await client.stop();
  }
});
