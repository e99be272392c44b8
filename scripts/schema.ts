import { writeFileSync } from "node:fs";

import { writeFormatted } from "./writeFormatted";
import { command, noArguments } from "./command";
import { components, schemaFile, schemaOf } from "./componentSchema";
import { configurationFile, configurationPage } from "./configuration/configurationPage";

void command({
  name: "npm run schema",
  help: `npm run schema

Writes the inputs and outputs of the components to components/schema.json, as pulumi package add
derives them from the code, and every key of a stack config to docs/configuration.md.

Exit codes: 0 written; 1 a type is not supported in a package; 2 invalid command line`,
  read: noArguments,
  work: async () => {
    await writeFormatted(schemaFile, schemaOf(components));
    writeFileSync(configurationFile, await configurationPage());
    return 0;
  },
});
