// kernel_info_request: https://jupyter-client.readthedocs.io/en/stable/messaging.html#kernel-info
import { createRequire } from "node:module";
import { PROTOCOL_VERSION } from "../wire/message.ts";
import type { Handler } from "./handler.ts";

const require = createRequire(import.meta.url);

export const kernelInfo: Handler = () => {
  const { version } = require("../../package.json") as { version: string };
  const typescript = require("typescript/package.json") as { version: string };
  return {
    content: {
      status: "ok",
      protocol_version: PROTOCOL_VERSION,
      implementation: "lectern",
      implementation_version: version,
      language_info: {
        name: "typescript",
        version: typescript.version,
        mimetype: "application/typescript",
        file_extension: ".ts",
        codemirror_mode: "typescript",
        pygments_lexer: "typescript",
        nbconvert_exporter: "script",
      },
      banner: `Lectern ${version} · TypeScript ${typescript.version} · Node ${process.versions.node}`,
      help_links: [
        { text: "TypeScript", url: "https://www.typescriptlang.org/docs/" },
        { text: "Node.js", url: "https://nodejs.org/docs/latest/api/" },
      ],
      debugger: false,
      supported_features: [],
    },
  };
};
