// Reading files: what is there, what is missing, what was cut short.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { gunzip, readBytes } from "../../../lib/io/file.ts";

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "lectern-io-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

test("reads the bytes of a file", () => {
  const file = join(folder(), "bytes");
  writeFileSync(file, Uint8Array.of(1, 2, 3));
  expect(Array.from(readBytes(file))).toEqual([1, 2, 3]);
});

test("names a file that is not there", () => {
  expect(() => readBytes(join(folder(), "no.bin"))).toThrow(/cannot read .*no\.bin: there is no such file/);
});

test("unpacks gzip, and of a file cut short the part that is there", () => {
  const content = Uint8Array.from({ length: 10_000 }, (_, i) => (i * i) % 251);
  const packed = gzipSync(content);
  expect(gunzip(packed)).toEqual(Buffer.from(content));
  const part = gunzip(packed.subarray(0, packed.length / 2));
  expect(part.length).toBeLessThan(content.length);
  expect(part).toEqual(Buffer.from(content.subarray(0, part.length)));
});
