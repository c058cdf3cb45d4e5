// Output that changes in place while code runs, at most ten times a second.
import { liveOutput, type MimeBundle, metadataOf } from "./bundle.ts";

const INTERVAL_MS = 100;

/** One output of a cell that is drawn again and again. Outside a notebook nothing is drawn. */
export class LiveOutput {
  readonly #broadcast = liveOutput();
  // unique in the page, and not saved with the notebook
  readonly #id = `lectern-${crypto.randomUUID()}`;
  #drawnAt = Number.NEGATIVE_INFINITY;
  #isShown = false;

  /** Whether there is a notebook to draw in. */
  get isLive(): boolean {
    return this.#broadcast !== undefined;
  }

  /** Draws if there is a notebook and the last drawing is old enough; `make` is called only then. */
  refresh(make: () => MimeBundle): void {
    if (this.isLive && performance.now() - this.#drawnAt >= INTERVAL_MS) this.draw(make());
  }

  /** Draws in any case: for the first and the last state. */
  draw(bundle: MimeBundle): void {
    if (!this.#broadcast) return;
    this.#broadcast(this.#isShown ? "update_display_data" : "display_data", {
      data: { ...bundle },
      metadata: metadataOf(bundle),
      transient: { display_id: this.#id },
    });
    this.#isShown = true;
    this.#drawnAt = performance.now();
  }
}

/** How much longer: "12 s left", "3 min left"; "" while nothing can be said yet. */
export function timeLeft(elapsedMs: number, doneShare: number): string {
  if (elapsedMs < 1000 || doneShare <= 0) return "";
  const seconds = (elapsedMs / 1000) * (1 / doneShare - 1);
  if (seconds < 1) return "";
  if (seconds < 100) return `${Math.round(seconds)} s left`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes} min left` : `${(minutes / 60).toFixed(1)} h left`;
}

/** A bar of text, `width` characters long. */
export function textBar(share: number, width = 24): string {
  const full = Math.round(Math.min(Math.max(share, 0), 1) * width);
  return "█".repeat(full) + "░".repeat(width - full);
}
