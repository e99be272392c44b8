import { strict as assert } from "node:assert";

import { transformed } from "../../local/services/eventbridge/transformed";

const event = {
  version: "0",
  id: "7bf73129-1428-4cd3-a780-95db273d1602",
  "detail-type": "EC2 Instance State-change Notification",
  source: "aws.ec2",
  account: "123456789012",
  time: "2015-11-11T21:29:54Z",
  region: "us-east-1",
  resources: ["arn:aws:ec2:us-east-1:123456789012:instance/i-abcd1111"],
  detail: { "instance-id": "i-0123456789", state: "RUNNING", tags: ["a", "b"], owner: { id: 7 } },
};
const rule = {
  ruleArn: "arn:aws:events:us-east-1:123456789012:rule/example",
  ruleName: "example",
  ingestionTime: "2015-11-11T21:29:55.123Z",
};
const inputPaths = {
  instance: "$.detail.instance-id",
  missing: "$.detail.nothing.here",
  owner: "$.detail.owner",
  ownerId: "$.detail.owner.id",
  resource: "$.resources[0]",
  state: "$.detail.state",
  tags: "$.detail.tags",
  type: "$.detail-type",
};

function received(inputTemplate: string): string {
  return transformed({ inputPaths, inputTemplate }, event, rule);
}

describe("EventBridge input transformer", () => {
  it("keeps the quotes of a string and its escaped quotes", () => {
    assert.equal(received('"<type>: <instance>"'), `"${event["detail-type"]}: i-0123456789"`);
    assert.equal(
      received(String.raw`"instance \"<instance>\" is in <state>"`),
      String.raw`"instance \"i-0123456789\" is in RUNNING"`,
    );
  });

  it("keeps several quoted lines", () => {
    assert.equal(
      received('"The instance <instance>\\nof <resource>"\n\n"is <state>."'),
      `"The instance i-0123456789\\nof ${event.resources[0] ?? ""}"\n\n"is RUNNING."`,
    );
  });

  it("inserts JSON outside quotes and text inside quotes", () => {
    assert.deepEqual(
      JSON.parse(
        received(
          '{"a": <state>, "b": "<state>", "c": [9, <tags>, true], "d": <owner>, "e": <ownerId>}',
        ),
      ),
      { a: "RUNNING", b: "RUNNING", c: [9, ["a", "b"], true], d: { id: 7 }, e: 7 },
    );
    assert.equal(received('"<owner>, <tags>, <ownerId>"'), '"{id:7}, [a,b], 7"');
  });

  it("inserts nothing for missing values", () => {
    assert.equal(received('"state <missing>."'), '"state ."');
    assert.equal(received('{"a": <missing>, "b": "<missing>"}'), '{"a": "", "b": ""}');
  });

  it("does not escape values inside quotes, like AWS", () => {
    const reason = 'it said "no"\nand left';
    const paths = { reason: "$.detail.reason" };
    const failed = { ...event, detail: { reason } };
    const template = (inputTemplate: string) =>
      transformed({ inputPaths: paths, inputTemplate }, failed, rule);
    assert.equal(template('"Reason: <reason>"'), `"Reason: ${reason}"`);
    assert.deepEqual(JSON.parse(template('{"reason": <reason>}')), { reason });
  });

  it("supports the reserved variables of AWS", () => {
    assert.equal(
      received(
        '"<aws.events.rule-name> of <aws.events.rule-arn> at <aws.events.event.ingestion-time>"',
      ),
      `"example of ${rule.ruleArn} at ${rule.ingestionTime}"`,
    );
    const { detail: _, "detail-type": detailType, ...rest } = event;
    assert.deepEqual(
      JSON.parse(received('{"a": <aws.events.event>, "b": <aws.events.event.json>}')),
      {
        a: { ...rest, detailType, time: rule.ingestionTime },
        b: event,
      },
    );
  });

  it("keeps text that is not a placeholder", () => {
    assert.equal(received('"a < b, c > d, <>, < state >"'), '"a < b, c > d, <>, < state >"');
  });

  it("rejects the templates that AWS rejects", () => {
    const refused: [string, RegExp][] = [
      ['"<unknown>"', /the placeholder <unknown> of the input template has no input path/],
      ['"<toString>"', /the placeholder <toString>/],
      ["instance <instance>", /must be JSON or lines in quotes; got instance <instance>/],
      ['"one\ntwo"', /must be JSON or lines in quotes/],
      ['"open', /must be JSON or lines in quotes/],
      ['{"a": <state>', /must be JSON or lines in quotes/],
      ["", /must be JSON or lines in quotes/],
      ['"all of <aws.events.event.json>"', /must be the value of a JSON field, without quotes/],
    ];
    for (const [template, problem] of refused) assert.throws(() => received(template), problem);

    for (const path of ["$['detail']", "detail", "$.detail[*]", "$..state", "$.a b"])
      assert.throws(
        () => transformed({ inputPaths: { x: path }, inputTemplate: '"<x>"' }, event),
        /an input path must be in dot notation, .*; got/,
      );
  });
});
