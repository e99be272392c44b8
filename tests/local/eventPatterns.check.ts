import { strict as assert } from "node:assert";

import { awsMatches } from "../../local/toolchain/eventRuler/awsMatches";
import { matches } from "../../local/services/eventbridge/matches";
import { sampleEvent, sampleEvents } from "../support/events";
import { renderedRules } from "../support/rules";

// Not a test of npm test: Maven installs the matcher.
describe("EventBridge rules match the same events on AWS and on the local cloud", function () {
  this.timeout(10 * 60_000);
  const names = Object.keys(sampleEvents);
  const events = names.map(sampleEvent);

  for (const waitForTraining of [false, true])
    it(`if waitForTraining is ${String(waitForTraining)}`, async () => {
      const rules = await renderedRules({ build: { waitForTraining } });
      const patterns = rules.map(({ pattern }) => pattern);
      const onAws = await awsMatches(patterns, events, new AbortController().signal);
      const taken = (isTaken: (rule: number, event: number) => boolean | undefined) =>
        rules.map(({ kind }, rule) => [kind, names.filter((_, event) => isTaken(rule, event))]);
      assert.deepEqual(
        taken((rule, event) => matches(patterns[rule], events[event])),
        taken((rule, event) => onAws[rule]?.[event]),
      );
    });
});
