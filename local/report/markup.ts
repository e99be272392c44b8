import { stripVTControlCharacters } from "node:util";

/** HTML or SVG, escaped. */
export interface Markup {
  readonly html: string;
}

type Part = Markup | string | number | readonly Markup[];

/** Template tag for HTML and SVG: escapes every value that is not markup itself. */
export function markup(texts: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const filled = texts.map((text, index) => text + shown(parts[index] ?? ""));
  return { html: filled.join("") };
}

function shown(part: Part): string {
  if (typeof part === "string" || typeof part === "number") return escaped(String(part));
  return "html" in part ? part.html : part.map((one) => one.html).join("");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  // Build logs have the color codes of terminals.
  return stripVTControlCharacters(text).replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}

/** Time or duration. */
export function secondsText(seconds: number): string {
  return `${seconds.toFixed(1)} s`;
}

/** Table that can be read without its surroundings, or "None."; `idOf` gives a row its anchor. */
export function tableOf(
  heads: readonly string[],
  rows: readonly (readonly (Markup | string)[])[],
  idOf?: (row: number) => string,
): Markup {
  if (rows.length === 0) return markup`<p class="quiet">None.</p>`;
  const head = heads.map((text) => markup`<th scope="col">${text}</th>`);
  const body = rows.map((row, index) => {
    const cells = row.map((cell) => markup`<td>${cell}</td>`);
    const id = idOf === undefined ? "" : markup` id="${idOf(index)}"`;
    return markup`<tr${id}>${cells}</tr>\n`;
  });
  return markup`<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>
${body}</tbody></table></div>`;
}
