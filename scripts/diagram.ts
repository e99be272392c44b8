import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { command, noArguments } from "./command";
import { picture } from "./diagram/picture";
import { withPicture } from "./diagram/withPicture";

void command({
  name: "npm run diagram",
  help: `npm run diagram

Draws what the program registers, with its default settings, into README.md, between its two markers.

Exit codes: 0 drawn; 1 a resource or an arrow has no place in the picture yet; 2 the command line was wrong`,
  read: noArguments,
  work: async () => {
    const readme = join(__dirname, "..", "README.md");
    writeFileSync(readme, withPicture(readFileSync(readme, "utf8"), await picture()));
    return 0;
  },
});
