// What the pooling layers share: a window over each channel by itself.
import type { PoolOptions } from "../ops/pooling.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type PerAxis, readSizes, type Sizes, type SpatialRank } from "./arguments.ts";
import { Layer } from "./layer.ts";
import { MovingWindow, type WindowLayerOptions } from "./windowLayer.ts";

/** Options of pooling layers; strides are the size of the window by default, so that windows do not overlap. */
export interface PoolLayerOptions<N extends SpatialRank = 2> extends WindowLayerOptions<N> {
  /** Whether a last window that the image does not fill counts; no by default. */
  ceilMode?: boolean;
}

export class PoolLayer<N extends SpatialRank> extends Layer {
  readonly #pool: (x: Tensor, options: PoolOptions) => Tensor;
  readonly #window: MovingWindow<N>;

  /** @param pool the operation; its name and the number of axes are those of the layer. */
  constructor(
    kind: string,
    rank: N,
    pool: (x: Tensor, options: PoolOptions) => Tensor,
    poolSize: Sizes<N> = 2,
    options: PoolLayerOptions<N> = {},
  ) {
    super(kind, options);
    const size = readSizes(this.place, "poolSize", poolSize, rank);
    this.#pool = pool;
    this.#window = new MovingWindow(this.place, rank, size, { ...options, strides: options.strides ?? size });
    if (options.inputShape) this.build(options.inputShape);
  }

  get poolSize(): PerAxis<N, number> {
    return this.#window.size;
  }
  get strides(): PerAxis<N, number> {
    return this.#window.strides;
  }
  get padding(): MovingWindow<N>["padding"] {
    return this.#window.padding;
  }

  override outputShape(inputShape: Shape): Shape {
    const { channels } = this.#window.read(this, inputShape);
    return this.#window.shapeOf(this.#window.place(this, inputShape, "window"), channels);
  }

  protected override forward(x: Tensor): Tensor {
    const { ceilMode, placement } = this.#window;
    return this.#pool(x, { poolSize: this.poolSize, ceilMode, ...placement });
  }
}
