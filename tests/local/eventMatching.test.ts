import { strict as assert } from "node:assert";

import * as fc from "fast-check";

import { matches } from "../../local/services/eventbridge/matches";

/** Pattern, events that it takes, events that it does not take. */
type Case = readonly [pattern: unknown, taken: readonly unknown[], passedOver: readonly unknown[]];

const cases: Readonly<Record<string, readonly Case[]>> = {
  "exact values, alternatives, and fields at every level": [
    [{ a: ["x", "y"] }, [{ a: "x" }, { a: "y", b: 1 }], [{ a: "z" }, { a: "X" }, {}, { b: "x" }]],
    [{ a: ["x"], b: { c: [1] } }, [{ a: "x", b: { c: 1 } }], [{ a: "x" }, { a: "x", b: 1 }]],
    [{ a: [300] }, [{ a: 300.0 }, { a: 3e2 }], [{ a: "300" }, { a: 301 }]],
    [{ a: [true] }, [{ a: true }], [{ a: false }, { a: "true" }]],
    [{ a: [""] }, [{ a: "" }], [{ a: null }, {}]],
  ],
  "null, different from missing": [
    [{ a: [null] }, [{ a: null }], [{}, { a: "" }, { a: [] }, { a: 0 }]],
  ],
  "any element of an array": [
    [{ a: ["x"] }, [{ a: ["w", "x"] }, { a: [["x"]] }], [{ a: ["w"] }, { a: [] }]],
    [{ a: { b: ["x"] } }, [{ a: [{ b: "w" }, { b: "x" }] }, { a: [[{ b: "x" }]] }], [{ a: ["x"] }]],
  ],
  "fields of the same element": [
    [
      { a: { first: ["Anna"], last: ["Jones"] } },
      [{ a: [{ first: "Anna", last: "Jones" }] }],
      [
        {
          a: [
            { first: "Anna", last: "Smith" },
            { first: "Peter", last: "Jones" },
          ],
        },
      ],
    ],
  ],
  "prefixes and suffixes, optionally in any case": [
    [{ a: [{ prefix: "main" }] }, [{ a: "main" }, { a: "main2" }], [{ a: "Main" }, { a: 1 }]],
    [{ a: [{ suffix: ".png" }] }, [{ a: "x.png" }], [{ a: "x.PNG" }, { a: "png" }]],
    [{ a: [{ "equals-ignore-case": "main" }] }, [{ a: "MAIN" }], [{ a: "MAINS" }, { a: null }]],
    [{ a: [{ prefix: { "equals-ignore-case": "eV" } }] }, [{ a: "Events" }], [{ a: "vents" }]],
    [{ a: [{ suffix: { "equals-ignore-case": "GE" } }] }, [{ a: "bridge" }], [{ a: "geb" }]],
  ],
  "anything-but of existing fields": [
    [{ a: [{ "anything-but": "x" }] }, [{ a: "y" }, { a: null }, { a: 1 }], [{ a: "x" }, {}]],
    [{ a: [{ "anything-but": ["x", "y"] }] }, [{ a: "z" }, { a: ["x", "z"] }], [{ a: "y" }]],
    [{ a: [{ "anything-but": [1, 2] }] }, [{ a: 3 }, { a: "1" }], [{ a: 2 }]],
    [{ a: [{ "anything-but": { prefix: "in" } }] }, [{ a: "out" }, { a: 12 }], [{ a: "init" }]],
    [{ a: [{ "anything-but": { prefix: ["i", "o"] } }] }, [{ a: "x" }], [{ a: "out" }, {}]],
    [{ a: [{ "anything-but": { suffix: ".png" } }] }, [{ a: "x.jpg" }], [{ a: "x.png" }]],
    [{ a: [{ "anything-but": { "equals-ignore-case": "x" } }] }, [{ a: "y" }], [{ a: "X" }]],
    [{ a: [{ "anything-but": { wildcard: "*/lib/*" } }] }, [{ a: "/bin/x" }], [{ a: "/lib/x" }]],
  ],
  "numeric ranges": [
    [{ a: [{ numeric: ["=", 5] }] }, [{ a: 5 }], [{ a: 5.1 }, { a: "5" }]],
    [{ a: [{ numeric: ["<", 5] }] }, [{ a: -1 }], [{ a: 5 }, { a: null }]],
    [{ a: [{ numeric: ["<=", 5] }] }, [{ a: 5 }], [{ a: 5.000001 }]],
    [{ a: [{ numeric: [">", 5] }] }, [{ a: 6 }], [{ a: 5 }, { a: 6e9 }]],
    [{ a: [{ numeric: [">=", 0, "<", 5] }] }, [{ a: 0 }, { a: 4.9 }], [{ a: -0.1 }, { a: 5 }]],
  ],
  exists: [
    [{ a: [{ exists: true }] }, [{ a: null }, { a: [1] }], [{}, { a: { b: 1 } }, { a: [] }]],
    [{ a: [{ exists: false }] }, [{}, { a: { b: 1 } }, { a: [] }], [{ a: null }, { a: "x" }]],
    [{ a: [{ exists: false }, "x"] }, [{}, { a: "x" }], [{ a: "y" }]],
    [{ a: { b: [{ exists: false }] } }, [{}, { a: 1 }, { a: { c: 1 } }], [{ a: { b: 1 } }]],
    [{ a: { b: [{ exists: false }] } }, [], [{ a: [{ c: 1 }, { b: 1 }] }]],
  ],
  "IP address ranges": [
    [{ a: [{ cidr: "10.0.0.0/24" }] }, [{ a: "10.0.0.255" }], [{ a: "10.0.1.0" }, { a: "x" }]],
    [{ a: [{ cidr: "2001:db8::/32" }] }, [{ a: "2001:db8::1" }], [{ a: "2001:db9::1" }]],
  ],
  wildcards: [
    [{ a: [{ wildcard: "dir/*.png" }] }, [{ a: "dir/x/y.png" }], [{ a: "dir/xpng" }, { a: 1 }]],
    [{ a: [{ wildcard: String.raw`a\*b\\` }] }, [{ a: "a*b\\" }], [{ a: "axb\\" }]],
  ],
  "$or of groups of fields, also nested": [
    [{ $or: [{ a: ["x"] }, { b: ["y"] }] }, [{ a: "x" }, { b: "y" }], [{ a: "y", b: "x" }, {}]],
    [{ s: ["z"], $or: [{ a: [1] }, { b: [1] }] }, [{ s: "z", b: 1 }], [{ s: "z" }, { b: 1 }]],
    [
      { d: { $or: [{ a: [1] }, { b: [2], $or: [{ c: [3] }, { e: [4] }] }] } },
      [{ d: { a: 1 } }, { d: { b: 2, e: 4 } }],
      [{ d: { b: 2 } }, { d: { c: 3 } }, { a: 1 }],
    ],
  ],
};

describe("matching of event patterns", () => {
  for (const [feature, examples] of Object.entries(cases))
    it(`supports ${feature}`, () => {
      for (const [pattern, taken, passedOver] of examples) {
        for (const event of taken)
          assert.equal(matches(pattern, event), true, describeMatch(pattern, event));
        for (const event of passedOver)
          assert.equal(matches(pattern, event), false, describeMatch(pattern, event));
      }
    });

  it("rejects the patterns that EventBridge rejects, also behind a field that does not match", () => {
    const refused: [unknown, RegExp][] = [
      [
        { a: [{ sufix: "x" }] },
        /^Error: the pattern: a: sufix is not an operator; known are exists/,
      ],
      [{ a: [{ constructor: "x" }] }, /constructor is not an operator/],
      [{ a: [{ exists: "no" }] }, /exists is not an operator; known are exists \(true or false\)/],
      [{ a: [{ prefix: "x", suffix: "y" }] }, /single operators.*got {"prefix":"x","suffix":"y"}/],
      [{ a: [["x"]] }, /must list values and single operators.*got \["x"\]/],
      [{ a: [] }, /the pattern: a must list at least one alternative/],
      [{ a: "x" }, /the pattern: a must be an object with fields; got "x"/],
      [{ a: {} }, /must be an object with fields; got {}/],
      [{ $or: [{ a: [1] }] }, /\$or must be a list of two or more/],
      [{ a: [{ prefix: 5 }] }, /EventBridge rejects prefix with 5/],
      [{ a: [{ "equals-ignore-case": ["x"] }] }, /rejects equals-ignore-case with \["x"\]/],
      [{ a: [{ "anything-but": [] }] }, /rejects anything-but with \[\]/],
      [{ a: [{ "anything-but": [null] }] }, /rejects anything-but with \[null\]/],
      [{ a: [{ "anything-but": ["x", 1] }] }, /rejects anything-but with \["x",1\]/],
      [{ a: [{ "anything-but": { prefix: "" } }] }, /rejects anything-but with {"prefix":""}/],
      [{ a: [{ "anything-but": { prefix: 1 } }] }, /rejects anything-but with {"prefix":1}/],
      [{ a: [{ numeric: [">", 5, "<", 5] }] }, /rejects numeric with \[">",5,"<",5\]/],
      [{ a: [{ numeric: ["<", 5, ">", 1] }] }, /rejects numeric/],
      [{ a: [{ numeric: ["=", 5e9 + 1] }] }, /rejects numeric/],
      [{ a: [{ numeric: ["!=", 5] }] }, /rejects numeric/],
      [{ a: [{ cidr: "10.0.0.0" }] }, /rejects cidr with "10\.0\.0\.0"/],
      [{ a: [{ cidr: "10.0.0.0/33" }] }, /rejects cidr/],
      [{ a: [{ cidr: "bad/8" }] }, /rejects cidr/],
      [{ a: [{ wildcard: "a**b" }] }, /rejects wildcard with "a\*\*b"/],
      [{ a: [{ wildcard: String.raw`a\b` }] }, /rejects wildcard/],
    ];
    for (const [pattern, problem] of refused) {
      assert.throws(() => matches(pattern, { a: "x" }), problem);
      if (problem.source.startsWith("^")) continue;
      assert.throws(
        () => matches({ first: ["no"], then: pattern }, {}),
        describeMatch(pattern, problem),
      );
    }
  });

  it("matches a pattern of all leaves of an event, but not if one leaf differs", () => {
    fc.assert(
      fc.property(anEvent(), fc.nat(), (event, choice) => {
        const pattern = patternOf(event);
        assert.equal(matches(pattern, event), true);
        const leaves = Object.values(event).reduce(
          (sum, inner) => sum + Object.keys(inner).length,
          0,
        );
        assert.equal(matches(pattern, withAnotherLeaf(event, choice % leaves)), false);
      }),
    );
  });

  it("matches an exact value and its prefix, suffix and wildcard alike", () => {
    const text = fc.string({
      unit: fc.constantFrom(...Array.from("ab*\\[.$^- \nÄé😀")),
      minLength: 1,
    });
    fc.assert(
      fc.property(text, text, (asked, given) => {
        const answer = matches({ a: [asked] }, { a: given });
        const escaped = asked.replace(/[*\\]/g, String.raw`\$&`);
        assert.equal(matches({ a: [{ wildcard: escaped }] }, { a: given }), answer);
        assert.equal(matches({ a: [{ "anything-but": asked }] }, { a: given }), !answer);
        assert.equal(matches({ a: [{ prefix: asked }] }, { a: asked + given }), true);
        assert.equal(matches({ a: [{ suffix: given }] }, { a: asked + given }), true);
      }),
    );
  });
});

type Event = Record<string, Record<string, string | number | boolean | null>>;

function anEvent(): fc.Arbitrary<Event> {
  const key = fc.string({ minLength: 1 }).filter((one) => one !== "$or" && one !== "__proto__");
  const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
  const inner = fc.dictionary(key, leaf, { minKeys: 1, maxKeys: 4 });
  return fc.dictionary(key, inner, { minKeys: 1, maxKeys: 4 });
}

function patternOf(event: Event): unknown {
  return mapped(event, (leaf) => [leaf]);
}

/** The event with its nth leaf changed. */
function withAnotherLeaf(event: Event, nth: number): unknown {
  let seen = 0;
  return mapped(event, (leaf) => (seen++ === nth ? `not ${String(leaf)}` : leaf));
}

function mapped(event: Event, change: (leaf: unknown) => unknown): unknown {
  const inside = (inner: Event[string]) =>
    Object.fromEntries(Object.entries(inner).map(([key, leaf]) => [key, change(leaf)]));
  return Object.fromEntries(Object.entries(event).map(([key, inner]) => [key, inside(inner)]));
}

function describeMatch(pattern: unknown, event: unknown): string {
  return `${JSON.stringify(pattern)} and ${JSON.stringify(event)}`;
}
