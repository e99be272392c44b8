const begin = "<!-- begin: npm run generate -->";
const end = "<!-- end: npm run generate -->";

/** Replaces the text between the two markers of a Markdown text by a Mermaid diagram. */
export function embedDiagram(text: string, mermaid: string): string {
  const parts = text.split(begin).flatMap((part) => part.split(end));
  const [before = "", , after = ""] = parts;
  if (parts.length !== 3 || text.indexOf(end) < text.indexOf(begin))
    throw new Error(`the text must have one line "${begin}" and one line "${end}" below it`);
  return `${before}${begin}\n\n\`\`\`mermaid\n${mermaid}\n\`\`\`\n\n${end}${after}`;
}
