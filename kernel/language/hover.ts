// What the server says about a name or a call → Markdown and plain text.
import { tidyTypes } from "./diagnostics.ts";
import type { Hover } from "./types.ts";

type Markup = string | { readonly value: string };

export interface ServerHover {
  readonly contents: Markup;
}

interface ServerParameter {
  readonly label: string | [number, number];
  readonly documentation?: Markup;
}

export interface ServerSignatures {
  readonly signatures: readonly {
    readonly label: string;
    readonly documentation?: Markup;
    readonly parameters?: readonly ServerParameter[];
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

/** The signature that fits the arguments so far, the parameter the cursor is in, and the documentation. */
export function signatureText(
  answer: ServerSignatures,
  labelOf: (slot: number) => string | undefined,
): Hover | null {
  const { signatures } = answer;
  const index = answer.activeSignature ?? 0;
  const active = signatures[index];
  if (active === undefined) return null;
  const parameter = active.parameters?.[active.activeParameter ?? answer.activeParameter ?? 0];
  const others = signatures.length - 1;
  const parts = [
    `\`\`\`typescript\n${active.label}\n\`\`\``,
    others > 0 ? `${index + 1} of ${signatures.length} overloads` : "",
    parameter === undefined ? "" : parameterText(parameter, active.label),
    active.documentation === undefined ? "" : textOf(active.documentation),
  ];
  const present = parts.map((part) => part.trim()).filter((part) => part !== "");
  const markdown = tidyTypes(present.join("\n\n"), labelOf);
  return { markdown, plain: plainText(markdown) };
}

function parameterText({ label, documentation }: ServerParameter, signature: string): string {
  const text = typeof label === "string" ? label : signature.slice(...label);
  const about = documentation === undefined ? "" : textOf(documentation).trim();
  return `→ **\`${text}\`**${about === "" ? "" : `: ${about.replace(/^[-–—:]\s*/, "")}`}`;
}

/** A further paragraph. */
export function withParagraph(hover: Hover, paragraph: Hover): Hover {
  return {
    markdown: `${hover.markdown}\n\n${paragraph.markdown}`,
    plain: `${hover.plain}\n\n${paragraph.plain}`,
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
    .replace(/\*\*(`[^`\n]*`)\*\*/g, "$1")
    .replace(/(\*\*|\*|`)(?=\S)(.*?\S)\1/g, "$2")
    .replace(/\\([\\`*_{}[\]()#+\-.!|<>])/g, "$1");
}

export function textOf(markup: Markup): string {
  return typeof markup === "string" ? markup : markup.value;
}
