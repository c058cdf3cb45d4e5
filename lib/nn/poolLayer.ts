// What the pooling layers share: a window over each channel by itself.
import type { Shape } from "../tensor/shape.ts";
import { pair } from "./arguments.ts";
import { Layer } from "./layer.ts";
import { MovingWindow, type WindowLayerOptions } from "./windowLayer.ts";

/** Options of pooling layers; strides are the size of the window by default, so that windows do not overlap. */
export interface PoolLayerOptions extends WindowLayerOptions {
  /** Whether a last window that the image does not fill counts; no by default. */
  ceilMode?: boolean;
}

export abstract class PoolLayer extends Layer {
  protected readonly window: MovingWindow;

  constructor(kind: string, poolSize: number | readonly [number, number], options: PoolLayerOptions) {
    super(kind, options);
    const size = pair(this.place, "poolSize", poolSize);
    this.window = new MovingWindow(this.place, size, { ...options, strides: options.strides ?? size });
    if (options.inputShape) this.build(options.inputShape);
  }

  get poolSize(): readonly [number, number] {
    return this.window.size;
  }
  get strides(): readonly [number, number] {
    return this.window.strides;
  }
  get padding(): MovingWindow["padding"] {
    return this.window.padding;
  }

  /** The options of the operation. */
  protected get placement() {
    return { poolSize: this.poolSize, ceilMode: this.window.ceilMode, ...this.window.placement };
  }

  override outputShape(inputShape: Shape): Shape {
    const [, , channels] = this.window.read(this, inputShape);
    return this.window.place(this, inputShape, channels, "window");
  }
}
