// The sum of parts that several chunks have computed, always in the same order.
import { ARGUMENTS, bytes, divideUp } from "./control";
import { begin, parallel, WORTH_WAKING } from "./pool";
import { SUM_PARTS } from "./tasks";

const FLOATS_A_CHUNK = 16384;

@unmanaged
class SumPartsTask {
  parts: usize;
  partCount: i32;
  out: usize;
  n: i32;
}

/** out[n] = Σ parts[partCount, n]. */
export function sumParts(parts: usize, partCount: i32, out: usize, n: i32): void {
  begin();
  const t = changetype<SumPartsTask>(ARGUMENTS);
  t.parts = parts;
  t.partCount = partCount;
  t.out = out;
  t.n = n;
  parallel(SUM_PARTS, divideUp(n, max(FLOATS_A_CHUNK, divideUp(n, 60000))), (n as f64) * (partCount as f64) > WORTH_WAKING);
}

export function sumPartsChunk(chunk: i32): void {
  const t = changetype<SumPartsTask>(ARGUMENTS);
  const parts = t.parts, count = t.partCount, out = t.out, size = bytes(t.n), step = max(FLOATS_A_CHUNK, divideUp(t.n, 60000));
  const end = bytes(min(t.n, (chunk + 1) * step));
  let x = bytes(chunk * step);
  for (; x + 32 <= end; x += 32) {
    let p = parts + x, sum0 = v128.load(p), sum1 = v128.load(p, 16);
    for (let part = 1; part < count; part++) {
      p += size;
      sum0 = f32x4.add(sum0, v128.load(p));
      sum1 = f32x4.add(sum1, v128.load(p, 16));
    }
    v128.store(out + x, sum0);
    v128.store(out + x, sum1, 16);
  }
  for (; x < end; x += 4) {
    let sum: f32 = 0;
    for (let part = 0; part < count; part++) sum += load<f32>(parts + x + (part as usize) * size);
    store<f32>(out + x, sum);
  }
}
