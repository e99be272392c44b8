import { writeFormatted } from "./writeFormatted";
import { command, noArguments } from "./command";
import { components, schemaFile, schemaOf } from "./componentSchema";

void command({
  name: "npm run schema",
  help: `npm run schema

Writes the component's inputs and outputs into components/schema.json, as Pulumi sees them when someone adds the package.

Exit codes: 0 written; 1 a type cannot be packaged; 2 the command line was wrong`,
  read: noArguments,
  work: async () => {
    await writeFormatted(schemaFile, schemaOf(components));
    return 0;
  },
});
