import { PolicyPack } from "@pulumi/policy";

import { resourcePolicy, stackPolicy, unseenResourcePolicy, unseenStackPolicy } from "./asPolicy";
import { resourceRules, stackRules } from "./rules";

// Nothing but the policy host loads this file: a pack that is made elsewhere keeps its process alive for ever.
new PolicyPack("model-build-pipeline", {
  policies: [
    ...resourceRules.map(resourcePolicy),
    ...stackRules.map(stackPolicy),
    unseenResourcePolicy(resourceRules),
    unseenStackPolicy(stackRules),
  ],
});
