// Connection files: the good one, and one clear sentence for each of the bad ones.
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { address, ConnectionError, readConnection } from "../../../kernel/wire/connection.ts";
import { connectionFile, KERNEL } from "../client.ts";
import { temporaryFolder } from "../folders.ts";

const directory = temporaryFolder();
const good = {
  transport: "tcp",
  ip: "127.0.0.1",
  shell_port: 1001,
  control_port: 1002,
  stdin_port: 1003,
  iopub_port: 1004,
  hb_port: 1005,
  key: "k",
  signature_scheme: "hmac-sha256",
};

function file(content: unknown): string {
  const path = join(directory, "connection.json");
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

describe("readConnection", () => {
  test("gives the fields and the addresses", () => {
    const connection = readConnection(file({ ...good, kernel_name: "lectern" }));
    expect(connection).toMatchObject(good);
    expect(address(connection, "hb_port")).toBe("tcp://127.0.0.1:1005");
    expect(address({ ...connection, transport: "ipc", ip: "/tmp/k" }, "shell_port")).toBe(
      "ipc:///tmp/k-1001",
    );
  });

  test("an empty key is allowed", () => {
    expect(readConnection(file({ ...good, key: "" })).key).toBe("");
  });

  test.each([
    ["{", /not valid JSON/],
    ["[]", /does not hold a JSON object/],
    [{ ...good, shell_port: undefined }, /"shell_port" is missing; expected a port number/],
    [{ ...good, hb_port: 70_000 }, /"hb_port" is 70000/],
    [{ ...good, iopub_port: "1004" }, /"iopub_port" is "1004"/],
    [{ ...good, key: undefined }, /"key" is missing/],
    [{ ...good, ip: 7 }, /"ip" is 7/],
    [{ ...good, transport: "pigeon" }, /"transport" is "pigeon"/],
    [{ ...good, signature_scheme: "hmac-md5" }, /"signature_scheme" is "hmac-md5"/],
  ])("%j is refused", (content, reason) => {
    expect(() => readConnection(file(content))).toThrow(ConnectionError);
    expect(() => readConnection(file(content))).toThrow(reason);
  });
});

describe("the kernel with a broken connection file", () => {
  const start = (...args: string[]) =>
    new Promise<{ code: unknown; stderr: string }>((resolve) => {
      execFile(process.execPath, [KERNEL, ...args], (error, _stdout, stderr) =>
        resolve({ code: error?.code, stderr }),
      );
    });
  const sentence = /^[A-Z][^\n]*\.\n$/;

  test("says in one sentence what is wrong, and ends with exit code 1", async () => {
    for (const args of [[], [join(directory, "absent.json")], [file("{")], [file({ ...good, key: 5 })]]) {
      const { code, stderr } = await start(...args);
      expect(code).toBe(1);
      expect(stderr).toMatch(sentence);
    }
  });

  test("a port that stays taken", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const shell_port = (server.address() as AddressInfo).port;
    const { path } = await connectionFile({ shell_port });
    const { code, stderr } = await start(path);
    server.close();
    expect(code).toBe(1);
    expect(stderr).toMatch(sentence);
    expect(stderr).toContain(`${shell_port}: another program uses this port`);
  });
});
