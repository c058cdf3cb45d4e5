// What the kernel asks of the language server, and the shape of its answers.

/** A type error in a cell. Lines and columns are 1-based, in UTF-16 units; the end is exclusive. */
export interface Diagnostic {
  code: number;
  message: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

/** One suggestion. `type` is one of the names JupyterLab has icons for; `signature` stands behind the name in the list. */
export interface CompletionItem {
  text: string;
  type: string;
  signature?: string;
}

/** Suggestions that replace the characters from `start` to `end` (UTF-16 offsets in the cell). */
export interface Completion {
  start: number;
  end: number;
  items: CompletionItem[];
}

/** What is known of the name under the cursor, for front ends with and without Markdown. */
export interface Hover {
  markdown: string;
  plain: string;
}
