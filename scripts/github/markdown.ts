/** GitHub allows 65,536 characters; the margin is for differences in counting. */
export const LIMIT = 65_000;

/** Collapsed diff, cut to a number of characters; empty if there is no diff. */
export function diffDetails(diff: string, room: number): string {
  if (diff === "") return "";
  const lines = diff.split("\n");
  const kept = linesWithin(lines, room);
  const note =
    kept.length < lines.length
      ? `, first ${String(kept.length)} of ${String(lines.length)} lines; the run's log has all`
      : "";
  return `<details><summary>Diff${note}</summary>\n\n${fenced(kept.join("\n"))}\n\n</details>`;
}

function linesWithin(lines: readonly string[], room: number): string[] {
  let left = room;
  const end = lines.findIndex((one) => (left -= one.length + 1) < 0);
  return lines.slice(0, end < 0 ? lines.length : end);
}

/** Code block with a fence longer than any in the text, so that no text becomes Markdown. */
export function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

/** Text on one line as inline code, so that GitHub reads no mention and no HTML in it. */
export function inLine(text: string): string {
  return `\`${cut(text.replace(/\s+/g, " "), 400).replaceAll("`", "'")}\``;
}

/** Text of at most `limit` characters, then dots. */
export function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit)} ...`;
}
