// 5,000 steps of a hand-written loop without `await` on an MLP 784-256-10. Usage: loop.ts plain|replaced|layers [steps]
import { engine } from "../../../../lib/engine/engine.ts";
import {
  adam,
  dense,
  Module,
  random,
  relu,
  seed,
  sparseCategoricalCrossentropy,
  type Tensor,
  variable,
  zeros,
} from "../../../../lib/index.ts";
import { bytesResident } from "../../../../lib/tensor/blocks.ts";

const [style, steps = "5000"] = process.argv.slice(2);
const batch = 128;
seed(1);
const x = random.uniform([10 * batch, 784]);
const y = x.matmul(random.normal([784, 10])).argMax(1);
const batches = Array.from({ length: 10 }, (_, i): [Tensor, Tensor] => [
  x.slice(i * batch, (i + 1) * batch),
  y.slice(i * batch, (i + 1) * batch),
]);

/** As the first lectures write it: tensors, gradients, and a step by hand. `replaced`: with new variables in each step. */
function plain(replaced: boolean): (x: Tensor, y: Tensor) => Tensor {
  let w1 = variable(random.normal([784, 256], { std: 0.05 }));
  let b1 = variable(zeros([256]));
  let w2 = variable(random.normal([256, 10], { std: 0.05 }));
  let b2 = variable(zeros([10]));
  return (x, y) => {
    const hidden = x.matmul(w1).add(b1).relu();
    const loss = sparseCategoricalCrossentropy(y, hidden.matmul(w2).add(b2).softmax());
    loss.backward();
    if (replaced) {
      const next = (w: Tensor) => variable(w.detach().sub(w.grad!.mul(0.1)));
      [w1, b1, w2, b2] = [next(w1), next(b1), next(w2), next(b2)];
    } else {
      for (const w of [w1, b1, w2, b2]) {
        w.assign(w.detach().sub(w.grad!.mul(0.1)));
        w.grad = null;
      }
    }
    return loss;
  };
}

class Net extends Module {
  hidden = dense(256);
  out = dense(10, { activation: "softmax" });
  forward(x: Tensor): Tensor {
    return this.out(relu(this.hidden(x)));
  }
}

function layers(): (x: Tensor, y: Tensor) => Tensor {
  const model = new Net();
  const optimizer = adam(model.parameters(), { learningRate: 1e-4 });
  return (x, y) => {
    const loss = sparseCategoricalCrossentropy(y, model(x, { training: true }));
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    return loss;
  };
}

const step = style === "layers" ? layers() : plain(style === "replaced");
const losses: number[] = [];
let mostResident = 0;
for (let i = 0; i < Number(steps); i++) {
  const loss = step(...batches[i % batches.length]!);
  if (i % 100 === 0) losses.push(loss.item());
  mostResident = Math.max(mostResident, bytesResident());
}
const { reservedBytes } = engine.memory;
console.log(
  JSON.stringify({
    first: losses[0],
    last: losses.at(-1),
    mostResident,
    reservedBytes,
    // On Linux in kilobytes.
    peak: process.resourceUsage().maxRSS * 1024,
  }),
);
