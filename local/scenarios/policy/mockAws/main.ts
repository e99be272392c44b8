import { isDeepStrictEqual } from "node:util";

import * as provider from "@pulumi/pulumi/provider";

type Properties = Record<string, unknown>;

// Outputs of AWS, each with the name of the resource at its end.
const outputPrefixes: Readonly<Record<string, string>> = {
  arn: "arn:aws:any:us-east-1:123456789012:",
  keyId: "key-",
  repositoryId: "repository-",
  url: "https://example.com/",
};

const mockAws: provider.Provider = {
  version: "7.48.0",
  check: (_urn, _olds, inputs: Properties) => Promise.resolve({ inputs, failures: [] }),
  // A change of a description updates the resource; other changes of text replace it.
  diff: (_id, _urn, olds: Properties, news: Properties) => {
    const changed = Object.keys(news).filter((key) => !isDeepStrictEqual(news[key], olds[key]));
    const replaces = changed.filter(
      (key) => typeof news[key] === "string" && key !== "description",
    );
    return Promise.resolve({ changes: changed.length > 0, replaces });
  },
  create: (urn: string, inputs: Properties) => {
    const id = urn.slice(urn.lastIndexOf(":") + 1);
    const outs = Object.entries(outputPrefixes).map(
      ([key, start]) => [key, `${start}${id}`] as const,
    );
    return Promise.resolve({ id, outs: { ...Object.fromEntries(outs), ...inputs } });
  },
};

provider.main(mockAws, process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
