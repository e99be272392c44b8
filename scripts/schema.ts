import { writeFileSync } from "node:fs";

import { schemaFile, schemaOf, components } from "./componentSchema";

// The folder as Pulumi sees it when someone adds the package, so this takes some ten seconds.
writeFileSync(schemaFile, `${JSON.stringify(schemaOf(components), null, 2)}\n`);
