import { type Document, LineCounter, type ParseOptions, parseDocument } from "yaml";
import type { DocumentOptions, SchemaOptions } from "yaml";

/**
 * Parses a YAML file.
 * @throws Error with file and line, and without the text of the line, which may be a secret
 */
export function parseYaml(
  text: string,
  file: string,
  options: ParseOptions & DocumentOptions & SchemaOptions = {},
): { readonly document: Document; readonly lineCounter: LineCounter } {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { ...options, lineCounter, prettyErrors: false });
  const [problem] = document.errors;
  if (problem === undefined) return { document, lineCounter };
  const line = lineCounter.linePos(problem.pos[0]).line.toString();
  throw new Error(`${file}, line ${line}: no valid YAML: ${problem.message}`);
}
