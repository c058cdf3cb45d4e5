// Reading files from disk, the one place where the library touches Node's file system.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { constants, gunzipSync } from "node:zlib";

/**
 * The bytes of a file.
 * @throws Error that names the file and why it could not be read.
 */
export function readBytes(file: string | URL): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    const name = typeof file === "string" ? file : fileURLToPath(file);
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw new Error(`cannot read ${name}: ${missing ? "there is no such file" : (cause as Error).message}`, {
      cause,
    });
  }
}

/**
 * Unpacks gzip. Of a file that was cut short it gives the part that is there: the caller knows how much it expects,
 * and can say so in an error.
 */
export function gunzip(bytes: Uint8Array): Uint8Array {
  return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
}
