// What the next line of an unfinished cell should start with. Only brackets and the last line are looked at: a wrong guess
// costs a key stroke.

const CODE =
  /\/\/[^\n]*|\/\*.*?(?:\*\/|$)|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|[\p{ID_Continue}$]+|\s+|./suy;
const REGEX = /\/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/\w*/y;
const TEMPLATE_TEXT = /(?:[^`\\$]|\\.|\$(?!\{))*/sy;
/** Behind one of these a slash divides. */
const OPERAND = /[\p{ID_Continue}$)\]}"'`]$/u;
const NO_OPERAND = /^(?:return|typeof|case|in|of|do|else|void|delete|await|yield|throw|new)$/;

/** A line that its next one belongs to. */
const HEAD = /(?:^|[^.\w$])(?:if|for|while|with|catch|switch)\b.*\)$|\b(?:else|do|try|finally|catch)$|=>$/;
const CASE = /^\s*(?:case\b.*|default\s*):$/;
const VALUE = /(?:^|[^=!<>])=$/;

/** As the last line, and one step more if that line opens a bracket or is the head of what follows. */
export function nextIndent(text: string): string {
  const written = text.trimEnd();
  const { opened, line } = lastLine(written);
  const isHead = HEAD.test(line) || CASE.test(line) || VALUE.test(line);
  const step = /^\t/m.test(written) ? "\t" : "  ";
  return lastIndent(written) + (opened || isHead ? step : "");
}

export function lastIndent(text: string): string {
  const line = text.trimEnd().split("\n").at(-1) ?? "";
  return line.slice(0, line.length - line.trimStart().length);
}

/** Within a comment: JSDoc goes on with its stars. */
export function commentIndent(text: string): string {
  const indent = lastIndent(text);
  const line = text.trimEnd().split("\n").at(-1)?.trimStart() ?? "";
  if (line.lastIndexOf("/**") > line.lastIndexOf("*/"))
    return line.startsWith("/**") ? `${indent} * ` : indent;
  return line.startsWith("*") ? `${indent}* ` : indent;
}

/** The last line without comments, and whether a bracket that it opens is still open. */
function lastLine(text: string): { opened: boolean; line: string } {
  const start = text.lastIndexOf("\n") + 1;
  const open: { at: number; kind: "bracket" | "template" | "hole" }[] = [];
  let line = "";
  let before = "";
  for (let at = 0; at < text.length; ) {
    const inTemplate = open.at(-1)?.kind === "template";
    const token =
      (inTemplate && match(TEMPLATE_TEXT, text, at)) ||
      (text[at] === "/" && (!OPERAND.test(before) || NO_OPERAND.test(before)) && match(REGEX, text, at)) ||
      (text.startsWith("${", at) && inTemplate ? "${" : match(CODE, text, at));
    if (token === "`") {
      if (inTemplate) open.pop();
      else open.push({ at, kind: "template" });
    } else if (/^(?:[([{]|\$\{)$/.test(token)) open.push({ at, kind: token === "${" ? "hole" : "bracket" });
    else if (/^[)\]}]$/.test(token)) open.pop();
    const isComment = !inTemplate && /^\/[/*]/.test(token);
    if (at >= start && !isComment) line += token;
    if (!isComment && token.trim() !== "") before = token;
    at += token.length;
  }
  const last = open.at(-1);
  return { opened: last !== undefined && last.at >= start && last.kind === "bracket", line: line.trim() };
}

function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}
