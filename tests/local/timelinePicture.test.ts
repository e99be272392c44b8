import { strict as assert } from "node:assert";

import type { StepRecord } from "../../local/report/record";
import type { Entry } from "../../local/services/timeline";
import { style } from "../../local/report/style";
import { timelineOf } from "../../local/report/timelinePicture";

const stepOf = (
  title: string,
  start: number,
  seconds: number,
  ...entries: Entry[]
): StepRecord => ({
  entries,
  messages: [],
  seconds,
  start,
  title,
});
const steps = [
  stepOf(
    "build",
    0,
    50,
    { seconds: 10, who: "CodePipeline", what: "starts" },
    { start: 10, seconds: 35, who: "CodeBuild", what: "69 passed" },
    { start: 20, seconds: 50, who: "CodeBuild", what: "Deployed." },
  ),
  {
    ...stepOf("deploy", 50, 50, { seconds: 75, who: "Approver", what: "approved" }),
    failure: "no",
  },
];

interface Bar {
  readonly href: string;
  readonly kind: string;
  readonly title: string;
  readonly width: number;
  readonly x: number;
  readonly y: number;
}

/** Bars of each lane of the picture. */
function lanesOf(html: string): Map<string, Bar[]> {
  const lanes = html.matchAll(/<g role="group" aria-label="(.*?)">(.*?)<\/g>/gs);
  const bar =
    /<a class="(.*?)" href="#(.*?)".*?<title>(.*?)<\/title><rect x="(.*?)" y="(.*?)" width="(.*?)"/gs;
  return new Map(
    [...lanes].map(([, name = "", bars = ""]) => [
      name,
      [...bars.matchAll(bar)].map(([, kind = "", href = "", title = "", x, y, width]) => ({
        href,
        kind,
        title,
        width: Number(width),
        x: Number(x),
        y: Number(y),
      })),
    ]),
  );
}

describe("timeline picture", () => {
  const { html } = timelineOf(steps);
  const lanes = lanesOf(html);

  it("has a lane of the steps and one of each actor, named beside it", () => {
    const names = ["Steps", "CodePipeline", "CodeBuild", "Approver"];
    assert.deepEqual([...lanes.keys()], names);
    const shown = [...html.matchAll(/<text x="0" y="(\d+)">(.*?)<\/text>/g)];
    assert.deepEqual(
      shown.map(([, , name]) => name),
      names,
    );
    shown.forEach(([, y, name = ""]) => {
      assert.equal(Number(y), (lanes.get(name)?.[0]?.y ?? 0) + 12, name);
    });
  });

  it("draws each step once, with its result", () => {
    assert.deepEqual(
      lanes.get("Steps")?.map(({ href, kind, title }) => [href, kind, title]),
      [
        ["step-1", "passed", "Step 1, 50.0 s: build"],
        ["step-2", "failed", "Step 2, 50.0 s: deploy"],
      ],
    );
  });

  it("draws each event at its time, as wide as its duration, and names it", () => {
    // 100 s on 920 pixels, which begin at 8.
    const [starts] = lanes.get("CodePipeline") ?? [];
    assert.deepEqual([starts?.x, starts?.width], [100, 6]);
    assert.deepEqual(
      lanes.get("CodeBuild")?.map(({ title, width, x }) => [title, x, width]),
      [
        ["CodeBuild, 10.0 s to 35.0 s: 69 passed", 100, 230],
        ["CodeBuild, 20.0 s to 50.0 s: Deployed.", 192, 276],
      ],
    );
    const [approved] = lanes.get("Approver") ?? [];
    assert.deepEqual([approved?.x, approved?.href], [698, "step-2-event-1"]);
    const ticks = html.matchAll(/class="tick" x="(.*?)" .*?>(.*?)</g);
    assert.deepEqual([...ticks].map(([, x, text]) => `${text ?? ""} at ${x ?? ""}`).slice(0, 3), [
      "0 s at 8.0",
      "10 s at 100.0",
      "20 s at 192.0",
    ]);
  });

  it("draws events of the same time below each other, and others in one row", () => {
    const [first, second] = lanes.get("CodeBuild") ?? [];
    assert.equal((second?.y ?? 0) - (first?.y ?? 0), 15);
    const [one, two] = lanes.get("Steps") ?? [];
    assert.equal(one?.y, two?.y);
  });

  it("has at most 13 times, also for hours", () => {
    for (const seconds of [0.5, 12, 61, 1709, 90000]) {
      const ticks = timelineOf([stepOf("long", 0, seconds)]).html.match(/class="tick"/g) ?? [];
      assert.ok(ticks.length >= 1 && ticks.length <= 13, seconds.toString());
    }
  });

  it("says the same as text", () => {
    assert.match(html, /aria-describedby="timeline-text"/);
    assert.match(html, /id="timeline-text">2 steps and 4 events of 3 actors in 100\.0 s\./);
    for (const row of ["CodeBuild</td><td>2</td><td>10.0 s</td><td>50.0 s", "Approver</td><td>1"])
      assert.ok(html.includes(`<td>${row}</td>`), row);
  });
});

describe("style of the report", () => {
  const [light = "", dark = ""] = style.split("@media (prefers-color-scheme: dark)");
  const colorsOf = (text: string) =>
    new Map(
      [...text.matchAll(/--(\w+): (#\w+)/g)].map(([, name = "", color = ""]) => [name, color]),
    );

  it("has every color as a variable, light and dark", () => {
    assert.deepEqual([...colorsOf(light).keys()], [...colorsOf(dark).keys()]);
    assert.doesNotMatch(style.replace(/--\w+: #\w+/g, ""), /(?<!\w)#[0-9a-f]{3}|rgb|hsl/);
  });

  for (const [theme, text] of Object.entries({ light, dark })) {
    it(`has the contrast of WCAG AA in ${theme} mode`, () => {
      const colors = colorsOf(text);
      const on = (name: string, surface: string, least: number) => {
        const ratio = contrast(colors.get(name) ?? "", colors.get(surface) ?? "");
        assert.ok(ratio >= least, `${name} on ${surface}: ${ratio.toFixed(2)}`);
      };
      for (const surface of ["paper", "tint"]) {
        for (const name of ["ink", "quiet", "passed", "failed"]) on(name, surface, 4.5);
        on("event", surface, 3);
      }
    });
  }
});

/**
 * Contrast ratio of two colors.
 * @see https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
 */
function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const digits = color.length === 4 ? color.replace(/\w/g, "$&$&") : color;
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(digits.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
