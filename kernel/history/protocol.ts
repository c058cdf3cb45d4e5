// What the kernel and its history thread say to each other.

/** Which cells a front end asks for; the names are those of history_request. */
export type Query =
  | { readonly type: "tail"; readonly n: number }
  | {
      readonly type: "range";
      /** 0 is the present session, -1 the one before it. */
      readonly session: number;
      readonly start: number;
      /** The first line that is not wanted any more; null for all. */
      readonly stop: number | null;
    }
  | {
      readonly type: "search";
      /** With `*`, `?` and `[…]`, as file names. */
      readonly pattern: string;
      readonly n: number | null;
      readonly unique: boolean;
    };

export interface Row {
  readonly session: number;
  readonly line: number;
  readonly input: string;
  /** Outputs are kept only as long as the session. */
  readonly output: string | null;
}

export interface Input {
  readonly line: number;
  readonly input: string;
}

export interface Output {
  readonly line: number;
  readonly output: string;
}

export type ToStore =
  | { readonly type: "add"; readonly inputs: readonly Input[]; readonly outputs: readonly Output[] }
  | { readonly type: "find"; readonly id: number; readonly query: Query }
  | { readonly type: "close" };

export type FromStore =
  | { readonly type: "found"; readonly id: number; readonly rows: readonly Row[] }
  | { readonly type: "log"; readonly text: string }
  | { readonly type: "closed" };
