// Starting values of weights. All draw from the library's random numbers, so `seed(42)` fixes them.
import { diagonal } from "../linalg/diagonal.ts";
import { qr } from "../linalg/qr.ts";
import { sign } from "../ops/elementwise.ts";
import { random, reserveStream } from "../random/random.ts";
import { ones, zeros } from "../tensor/create.ts";
import { formatShape, type Shape, sameShape, sizeOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { choose } from "./choose.ts";
import { randomNormal, randomUniform, truncatedNormal, varianceScaling } from "./startingValues.ts";

const initializers = {
  /** Uniform within ±√(6 / (in + out)). Glorot and Bengio, AISTATS 2010. */
  glorotUniform: varianceScaling({ mode: "fanAverage", distribution: "uniform" }),
  /** Deviation √(2 / (in + out)). Glorot and Bengio, AISTATS 2010. The normal ones here are cut at 2 deviations, as in Keras. */
  glorotNormal: varianceScaling({ mode: "fanAverage" }),
  /** Uniform within ±√(6 / in), for layers with relu. He et al., ICCV 2015. */
  heUniform: varianceScaling({ scale: 2, distribution: "uniform" }),
  /** Deviation √(2 / in), for layers with relu. He et al., ICCV 2015. */
  heNormal: varianceScaling({ scale: 2 }),
  /** Uniform within ±√(3 / in). LeCun et al., Efficient BackProp, 1998. */
  lecunUniform: varianceScaling({ distribution: "uniform" }),
  /** Deviation √(1 / in), for layers with selu. Klambauer et al., NeurIPS 2017. */
  lecunNormal: varianceScaling(),
  /** Normal with deviation 0.05. */
  randomNormal: randomNormal(),
  /** Uniform between −0.05 and 0.05. */
  randomUniform: randomUniform(),
  /** Normal with deviation 0.05, cut at two deviations. */
  truncatedNormal: truncatedNormal(),
  /** Orthogonal rows (or columns, where there are more rows): products keep lengths. Saxe et al., ICLR 2014. */
  orthogonal: (shape: Shape) => {
    const columns = shape[shape.length - 1];
    const rows = sizeOf(shape.slice(0, -1));
    const { q, r } = qr(random.normal([Math.max(rows, columns), Math.min(rows, columns)]));
    // With the signs of r's diagonal every orthogonal matrix is as likely as any other.
    const unbiased = q.mul(sign(diagonal(r)));
    return (rows < columns ? unbiased.transpose() : unbiased).reshape(shape);
  },
  /** Zeros, as biases start. */
  zeros: (shape: Shape) => zeros(shape),
  /** Ones. */
  ones: (shape: Shape) => ones(shape),
} as const;

/** An initializer by name. */
export type InitializerName = keyof typeof initializers;

/** How weights start: by name, or a function from the shape to the values. */
export type Initializer = InitializerName | ((shape: Shape) => Tensor);

/** Those that draw no random numbers. */
const fixed: readonly string[] = ["zeros", "ones"];

/**
 * A function that makes the starting values of a weight. What they are is settled now, also when it is called later: the
 * weights of a seeded model do not depend on when somebody first looks at them.
 *
 * @throws Error with a suggestion when there is no initializer of that name; the function, when another function gave
 * another shape than it was asked for
 */
export function planValues(initializer: Initializer, shape: Shape): () => Tensor {
  if (typeof initializer === "string") {
    const make = choose("initializer", initializer, initializers);
    if (fixed.includes(initializer)) return () => make(shape);
    const settled = reserveStream({ once: true });
    return () => settled(() => make(shape));
  }
  const settled = reserveStream({ once: false });
  return () => {
    const values = settled(() => initializer(shape));
    if (!sameShape(values.shape, shape)) {
      throw new Error(
        `initializer: asked for shape ${formatShape(shape)}, it gave ${formatShape(values.shape)}`,
      );
    }
    return values;
  };
}
