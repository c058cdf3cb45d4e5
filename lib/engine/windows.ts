// Convolution and pooling on the compiled core: plans what the kernels need in tables and working memory.
import type { Convolution, Pointer, Window, Windows } from "./core.ts";
import { align, panelSize } from "./geometry.ts";
import type { BlockMemory } from "./memory.ts";
import { geometryTable, planTable } from "./plan.ts";
import type { Kernels } from "./wasm.ts";
import { suitsWinograd, suitsWinogradGradient } from "./winograd.ts";

type Direction = "forward" | "backward";

export class CompiledWindows implements Windows {
  readonly #kernels: Kernels;
  readonly #memory: BlockMemory;
  #workspace: Pointer = 0;
  #workspaceBytes = 0;

  constructor(kernels: Kernels, memory: BlockMemory) {
    this.#kernels = kernels;
    this.#memory = memory;
  }

  convolve(g: Convolution, x: Pointer, filters: Pointer, bias: Pointer, y: Pointer, relu: boolean): void {
    this.#convolve(g, "forward", x, filters, bias, y, relu);
  }

  convolveInputGradient(g: Convolution, dy: Pointer, filters: Pointer, dx: Pointer): void {
    this.#convolve(g, "backward", dy, filters, 0, dx, false);
  }

  #convolve(
    g: Convolution,
    direction: Direction,
    source: Pointer,
    filters: Pointer,
    bias: Pointer,
    target: Pointer,
    relu: boolean,
  ): void {
    if (isDepthwise(g)) {
      this.#depthwise(g, direction, source, filters, target, 1, bias, relu);
      return;
    }
    if (suitsWinograd(g, direction)) {
      this.#winograd(g, direction, source, filters, bias, target, relu);
      return;
    }
    const taps = tapsOf(g);
    const inner = (direction === "forward" ? g.channels : g.filters) / g.groups;
    const columns = (direction === "forward" ? g.filters : g.channels) / g.groups;
    const backward = direction === "backward" ? 1 : 0;
    if (isPointwise(g)) {
      const pixels = g.batch * g.axes[0].length * g.axes[1].length * g.axes[2].length;
      this.#kernels.gemm(
        ...([0, backward, source, inner, filters, g.filters, target, columns] as const),
        ...([pixels, columns, inner, 0, bias, relu ? 1 : 0] as const),
      );
      return;
    }
    const panelBytes = g.groups * panelSize(taps * inner, columns);
    const [panels, geometry, plan] = this.#prepare(
      panelBytes,
      geometryTable(g),
      planTable(g, direction, true),
    );
    this.#kernels.packFilters(geometry, plan, filters, panels, backward);
    this.#kernels.convolve(geometry, plan, source, panels, target, backward, bias, relu ? 1 : 0);
  }

  #winograd(
    g: Convolution,
    direction: Direction,
    source: Pointer,
    filters: Pointer,
    bias: Pointer,
    target: Pointer,
    relu: boolean,
  ): void {
    const backward = direction === "backward" ? 1 : 0;
    const bytes = backward
      ? this.#kernels.winogradWorkspace(g.filters, g.channels)
      : this.#kernels.winogradWorkspace(g.channels, g.filters);
    const [panels, geometry] = this.#prepare(bytes, geometryTable(g));
    this.#kernels.winograd(geometry, source, filters, panels, target, backward, bias, relu ? 1 : 0);
  }

  #depthwise(
    g: Window,
    direction: Direction,
    source: Pointer,
    filters: Pointer,
    target: Pointer,
    scale: number,
    bias: Pointer,
    relu: boolean,
  ): void {
    const [ordered, geometry, plan] = this.#prepare(
      filters === 0 ? 0 : 4 * tapsOf(g) * g.channels,
      geometryTable(g),
      planTable(g, direction, false),
    );
    if (filters !== 0) this.#kernels.orderTaps(geometry, plan, filters, ordered);
    const weights = filters === 0 ? 0 : ordered;
    this.#kernels.depthwise(geometry, plan, source, weights, target, scale, bias, relu ? 1 : 0);
  }

  convolveFilterGradient(g: Convolution, x: Pointer, dy: Pointer, dFilters: Pointer): void {
    const kernels = this.#kernels;
    const table = geometryTable(g);
    if (isDepthwise(g)) {
      const [workspace, geometry] = this.#prepare(4 * 8 * tapsOf(g) * g.channels, table);
      kernels.depthwiseFilterGradient(geometry, x, dy, dFilters, workspace);
      return;
    }
    if (suitsWinogradGradient(g)) {
      const bytes = kernels.winogradGradientWorkspace(g.channels, g.filters);
      const [workspace, geometry] = this.#prepare(bytes, table);
      kernels.winogradGradient(geometry, x, dy, dFilters, workspace);
      return;
    }
    const depth = (tapsOf(g) * g.channels) / g.groups;
    const [workspace, geometry] = this.#prepare(kernels.filterGradientWorkspace(depth, g.filters), table);
    kernels.filterGradient(geometry, x, dy, dFilters, workspace);
  }

  maxPool(g: Window, x: Pointer, y: Pointer): void {
    const [, geometry] = this.#prepare(0, geometryTable(g));
    this.#kernels.maxPool(geometry, x, y);
  }

  maxPoolGradient(g: Window, x: Pointer, y: Pointer, dy: Pointer, dx: Pointer, relu = false): void {
    const [, geometry] = this.#prepare(0, geometryTable(g));
    this.#kernels.maxPoolGradient(geometry, x, y, dy, dx, relu ? 1 : 0);
  }

  maxPoolWinners(g: Window, x: Pointer, y: Pointer, winners: Pointer): void {
    const [, geometry] = this.#prepare(0, geometryTable(g));
    this.#kernels.maxPoolWinners(geometry, x, y, winners);
  }

  sumPool(g: Window, x: Pointer, y: Pointer, scale: number): void {
    this.#depthwise(g, "forward", x, 0, y, scale, 0, false);
  }

  sumPoolGradient(g: Window, dy: Pointer, dx: Pointer, scale: number): void {
    this.#depthwise(g, "backward", dy, 0, dx, scale, 0, false);
  }

  // Room for `bytes` of working memory with the tables behind it; kept for the next call.
  #prepare(bytes: number, geometry: number[], plan: number[] = []): [Pointer, Pointer, Pointer] {
    const geometryAt = align(bytes);
    const planAt = geometryAt + align(4 * geometry.length);
    const needed = planAt + 4 * plan.length;
    if (needed > this.#workspaceBytes) {
      if (this.#workspaceBytes > 0) {
        this.#workspaceBytes = 0;
        this.#memory.free(this.#workspace);
      }
      this.#workspace = this.#memory.allocate(needed);
      this.#workspaceBytes = needed;
    }
    const start = this.#workspace;
    this.#memory.int32(start + geometryAt, geometry.length).set(geometry);
    if (plan.length > 0) this.#memory.int32(start + planAt, plan.length).set(plan);
    return [start, start + geometryAt, start + planAt];
  }
}

function tapsOf(g: Window): number {
  return g.axes[0].window * g.axes[1].window * g.axes[2].window;
}

function isDepthwise(g: Convolution): boolean {
  return g.groups === g.channels && g.filters === g.channels;
}

// A matrix product of all pixels with the filters.
function isPointwise(g: Convolution): boolean {
  return (
    g.groups === 1 &&
    g.axes.every((a) => a.window === 1 && a.stride === 1 && a.before === 0 && a.positions === a.length)
  );
}
