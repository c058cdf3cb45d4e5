// What the server says about a name or a call → Markdown and plain text.
import { tidyTypes } from "./diagnostics.ts";
import type { Hover, Signature } from "./types.ts";

type Markup = string | { readonly value: string };

export interface ServerHover {
  readonly contents: Markup;
}

export interface ServerSignatures {
  readonly signatures: readonly {
    readonly label: string;
    readonly documentation?: Markup;
    readonly parameters?: readonly { readonly label: string | [number, number] }[];
    readonly activeParameter?: number;
  }[];
  readonly activeSignature?: number;
  readonly activeParameter?: number;
}

export function hoverText(hover: ServerHover, labelOf: (slot: number) => string | undefined): Hover {
  const markdown = tidyTypes(textOf(hover.contents), labelOf)
    .replaceAll("```tsx", "```typescript")
    // Names of earlier cells are imports only in the documents.
    .replace(/^(```\w+\n)\(alias\) /, "$1")
    .replace(/\nimport [^\n]*(?=\n```)/, "")
    .trim();
  return { markdown, plain: plainText(markdown) };
}

export function signatureText({ signatures, active }: Signature): Hover {
  const { label, documentation } = signatures[active] as Signature["signatures"][number];
  const markdown = `\`\`\`typescript\n${label}\n\`\`\`\n${documentation}`.trim();
  return { markdown, plain: plainText(markdown) };
}

export function signatureOf(answer: ServerSignatures | null): Signature | null {
  if (!answer || answer.signatures.length === 0) return null;
  const active = answer.activeSignature ?? 0;
  return {
    active,
    parameter: answer.signatures[active]?.activeParameter ?? answer.activeParameter ?? 0,
    signatures: answer.signatures.map(({ label, documentation, parameters }) => ({
      label,
      documentation: documentation === undefined ? "" : textOf(documentation).trim(),
      parameters: (parameters ?? []).map((parameter) =>
        typeof parameter.label === "string" ? parameter.label : label.slice(...parameter.label),
      ),
    })),
  };
}

/** For a terminal: without fences, emphasis, code marks and link targets; code stays as it is. */
function plainText(markdown: string): string {
  const parts = markdown.split(/^```.*\n?/m);
  return parts
    .map((part, i) => (i % 2 === 1 ? part : withoutMarks(part)))
    .join("")
    .trim();
}

function withoutMarks(text: string): string {
  return text
    .replace(/\[([^\]]+)\]\([^)]*\)/g, "$1")
    .replace(/(\*\*|\*|`)(?=\S)(.*?\S)\1/g, "$2")
    .replace(/\\([\\`*_{}[\]()#+\-.!|<>])/g, "$1");
}

function textOf(markup: Markup): string {
  return typeof markup === "string" ? markup : markup.value;
}
