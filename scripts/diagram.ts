import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { picture } from "./diagram/picture";
import { withPicture } from "./diagram/withPicture";

// Draws what the program registers, with its default settings, into README.md.
const readme = join(__dirname, "..", "README.md");
void picture().then((mermaid) => {
  writeFileSync(readme, withPicture(readFileSync(readme, "utf8"), mermaid));
});
