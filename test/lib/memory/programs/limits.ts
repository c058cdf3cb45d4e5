// Takes memory until there is no more, then goes on. The tensors are not filled, so the system gives addresses and no pages.
import { setTimeout as wait } from "node:timers/promises";
import { engine } from "../../../../lib/engine/engine.ts";
import { platform } from "../../../../lib/engine/node.ts";
import { ones } from "../../../../lib/index.ts";
import { setMemoryBudget } from "../../../../lib/tensor/blocks.ts";
import { empty } from "../../../../lib/tensor/create.ts";
import type { DType } from "../../../../lib/tensor/dtype.ts";
import type { Tensor } from "../../../../lib/tensor/tensor.ts";

// What other programs have left of the machine's memory shall not matter: nothing here is written to.
platform.availableBytes = () => Number.POSITIVE_INFINITY;
// Nothing moves out before it has to.
setMemoryBudget(2 ** 33);
let held: Tensor[] = [];

function refusal(rows: number, columns: number, dtype: DType): string {
  try {
    held.push(empty([rows, columns], dtype));
  } catch (error) {
    return String(error);
  }
  return "none";
}

/** Half a gigabyte, or less, at a time. */
function fill(megabytes: number): string {
  for (let count = 0; count < 100; count++) {
    const error = refusal(megabytes * 1024, 256, "float32");
    if (error !== "none") return error;
  }
  return "none";
}

const first = fill(Number(process.argv[2]));
const count = held.length;
const before = engine.memory.blocksInUse;
const others = [refusal(16384, 16384, "float64"), refusal(65536, 32768, "uint8")];
const sum = ones([1000]).sum().item();
const after = engine.memory.blocksInUse;
held = [];
await wait(5);
const large = refusal(Number(process.argv[2]) * 1024, 512, "float32");
const blocks = engine.memory.blocksInUse;
console.log(JSON.stringify({ first, count, before, others, sum, after, large, blocks }));
