// Import statements as data: the user process loads the modules before the body of the cell runs.
import type { ImportAttribute, ImportDeclarationSpecifier, Program } from "oxc-parser";
import { valueSpecifiers } from "./analyse.ts";
import type { ImportBinding, ImportRequest } from "./compiled.ts";
import type { Analysis } from "./scope.ts";
import type { Slots } from "./slots.ts";

export interface Imports {
  readonly requests: ImportRequest[];
  /** The slots for the values of all bindings, in order. */
  readonly slots: string[];
  /** Where each request stands in the JavaScript. */
  readonly offsets: number[];
}

/** V8 counts lines from 1, so line 0 is free: there, column n is the cell's n-th import. */
export const IMPORT_LINE = 0;

export function readImports(program: Program, analysis: Analysis, slots: Slots, cell: string): Imports {
  const imports: Imports = { requests: [], slots: [], offsets: [] };
  const used = usedNames(analysis);
  for (const node of program.body) {
    const isImport =
      node.type === "ImportDeclaration" ||
      node.type === "ExportAllDeclaration" ||
      node.type === "ExportNamedDeclaration";
    if (!isImport || !node.source) continue;
    const specifiers = node.type === "ImportDeclaration" ? valueSpecifiers(node) : [];
    imports.requests.push({
      specifier: node.source.value,
      ...optionsOf(node.attributes),
      bindings: specifiers.map((specifier) => bindingOf(specifier, used)),
      frame: `    at ${cell}:${IMPORT_LINE}:${imports.requests.length + 1}`,
    });
    imports.slots.push(...specifiers.map(({ local }) => slots.of(local.name)));
    imports.offsets.push(node.start);
  }
  return imports;
}

function usedNames({ identifiers, top }: Analysis): Set<string> {
  const used = identifiers.filter(({ binding, role }) => binding === top && role !== "import");
  return new Set(used.map(({ name }) => name));
}

function bindingOf(specifier: ImportDeclarationSpecifier, used: Set<string>): ImportBinding {
  const required = used.has(specifier.local.name);
  switch (specifier.type) {
    case "ImportNamespaceSpecifier":
      return { imported: "*", required };
    case "ImportDefaultSpecifier":
      return { imported: "default", required };
    case "ImportSpecifier": {
      const { imported } = specifier;
      return { imported: imported.type === "Identifier" ? imported.name : imported.value, required };
    }
  }
}

function optionsOf(attributes: ImportAttribute[]): Pick<ImportRequest, "options"> {
  if (attributes.length === 0) return {};
  const entries = attributes.map(({ key, value }) => [
    key.type === "Identifier" ? key.name : key.value,
    value.value,
  ]);
  return { options: { with: Object.fromEntries(entries) } };
}
