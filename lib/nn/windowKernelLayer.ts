// What the convolution layers of all kinds share: a kernel that moves over sequences, images or volumes.
import { type PerAxis, readSizes, type Sizes, type SpatialRank } from "./arguments.ts";
import { KernelLayer, type KernelLayerOptions } from "./kernelLayer.ts";
import { MovingWindow, type WindowOptions } from "./windowLayer.ts";

export abstract class WindowKernelLayer<N extends SpatialRank> extends KernelLayer {
  protected readonly window: MovingWindow<N>;

  constructor(kind: string, rank: N, kernelSize: Sizes<N>, options: KernelLayerOptions & WindowOptions<N>) {
    super(kind, options);
    const size = readSizes(this.place, "kernelSize", kernelSize, rank);
    this.window = new MovingWindow(this.place, rank, size, options);
  }

  get kernelSize(): PerAxis<N, number> {
    return this.window.size;
  }
  get strides(): PerAxis<N, number> {
    return this.window.strides;
  }
  get padding(): MovingWindow<N>["padding"] {
    return this.window.padding;
  }
}
