import { PolicyPack } from "@pulumi/policy";

import {
  resourcePolicy,
  stackPolicy,
  uncheckedResourcePolicy,
  uncheckedStackPolicy,
} from "./pulumiPolicies";
import { resourceRules, stackRules } from "./rules";

// Only the policy host loads this file: a PolicyPack object keeps its process alive.
new PolicyPack("model-build-pipeline", {
  policies: [
    ...resourceRules.map(resourcePolicy),
    ...stackRules.map(stackPolicy),
    uncheckedResourcePolicy(resourceRules),
    uncheckedStackPolicy(stackRules),
  ],
});
