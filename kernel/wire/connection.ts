// The connection file: where the front end expects the kernel's sockets, and the key that signs messages.
import { readFileSync } from "node:fs";

export interface Ports {
  readonly shell_port: number;
  readonly control_port: number;
  readonly stdin_port: number;
  readonly iopub_port: number;
  readonly hb_port: number;
}

export interface Connection extends Ports {
  readonly transport: "tcp" | "ipc";
  readonly ip: string;
  /** Empty: messages are not signed. */
  readonly key: string;
  readonly signature_scheme: string;
  /** Both or none: with them everything that goes over the sockets is encrypted (CurveZMQ, keys as Z85 text). */
  readonly curve_publickey?: string;
  readonly curve_secretkey?: string;
}

/** What is wrong with the connection file, as one sentence for the person who started the kernel. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
}

const PORTS = ["shell_port", "control_port", "stdin_port", "iopub_port", "hb_port"] as const;
const CURVE_KEYS = ["curve_publickey", "curve_secretkey"] as const;
/** 32 bytes. */
const Z85_KEY = /^[0-9a-zA-Z.\-:+=^!/*?&<>()[\]{}@%$#]{40}$/;

export function readConnection(path: string): Connection {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === "ENOENT" ? "it does not exist" : String(error);
    throw new ConnectionError(`Cannot read the connection file ${path}: ${reason}.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ConnectionError(`The connection file ${path} is not valid JSON.`);
  }
  return checkConnection(value, path);
}

function checkConnection(value: unknown, path: string): Connection {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ConnectionError(`The connection file ${path} does not hold a JSON object.`);
  }
  const fields = value as Record<string, unknown>;
  const wrong = (field: string, expected: string): never => {
    const value = field === "curve_secretkey" ? "not one" : JSON.stringify(fields[field]);
    const found = field in fields ? `is ${value}` : "is missing";
    throw new ConnectionError(
      `The connection file ${path} is not usable: "${field}" ${found}; expected ${expected}.`,
    );
  };
  for (const field of PORTS) {
    const port = fields[field];
    if (!Number.isInteger(port) || (port as number) < 1 || (port as number) > 65_535)
      wrong(field, "a port number");
  }
  // Half a pair is refused as well: whoever wrote it takes the connection to be encrypted.
  if (CURVE_KEYS.some((field) => (fields[field] ?? null) !== null)) {
    for (const field of CURVE_KEYS) {
      const key = fields[field];
      if (typeof key !== "string" || !Z85_KEY.test(key)) wrong(field, "a CurveZMQ key of 40 Z85 characters");
    }
  }
  if (typeof fields.ip !== "string" || fields.ip === "") wrong("ip", "an address such as 127.0.0.1");
  if (typeof fields.key !== "string") wrong("key", "a string");
  const transport = fields.transport ?? "tcp";
  if (transport !== "tcp" && transport !== "ipc") wrong("transport", '"tcp" or "ipc"');
  const scheme = fields.signature_scheme ?? "hmac-sha256";
  if (scheme !== "hmac-sha256") wrong("signature_scheme", '"hmac-sha256"');
  return { ...fields, transport, signature_scheme: scheme } as Connection;
}

export function portsOf(connection: Connection): Ports {
  const { shell_port, control_port, stdin_port, iopub_port, hb_port } = connection;
  return { shell_port, control_port, stdin_port, iopub_port, hb_port };
}

/** The ZeroMQ address of one of the sockets. */
export function address(connection: Connection, port: keyof Ports): string {
  const { transport, ip } = connection;
  if (transport === "ipc") return `ipc://${ip}-${connection[port]}`;
  return `tcp://${isIpv6(ip) ? `[${ip}]` : ip}:${connection[port]}`;
}

export function isIpv6(ip: string): boolean {
  return ip.includes(":") && !ip.startsWith("[");
}
