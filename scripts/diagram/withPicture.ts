const begin = "<!-- begin: npm run diagram -->";
const end = "<!-- end: npm run diagram -->";

/** A Markdown text with this picture between its two markers, and all else as it was. */
export function withPicture(text: string, mermaid: string): string {
  const parts = text.split(begin).flatMap((part) => part.split(end));
  const [before = "", , after = ""] = parts;
  if (parts.length !== 3 || text.indexOf(end) < text.indexOf(begin))
    throw new Error(
      `the picture's place must be marked once, by a line "${begin}" and a line "${end}" below it`,
    );
  return `${before}${begin}\n\n\`\`\`mermaid\n${mermaid}\n\`\`\`\n\n${end}${after}`;
}
