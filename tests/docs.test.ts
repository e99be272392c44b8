import { strict as assert } from "node:assert";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

const root = join(__dirname, "..");

/** Folders of pages; what is generated or somebody else's has none. */
const folders = [".", "docs", "docs/how-to", "docs/decisions", "examples/consumer", "template"];
const pages = folders.flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(root, folder, name)),
);

describe("the documentation", () => {
  it("links to nothing that is not there", () => {
    const broken = pages.flatMap((page) =>
      linksOf(page)
        .filter((link) => !leadsSomewhere(page, link))
        .map((link) => `${relative(root, page)}: ${link}`),
    );
    assert.deepEqual(broken, []);
  });

  it("is reached from README, each page of it", () => {
    const reached = new Set([join(root, "README.md")]);
    // A set takes in what is added while it is walked.
    for (const page of reached)
      for (const link of linksOf(page)) {
        const target = resolve(dirname(page), link.split("#")[0] ?? "");
        if (pages.includes(target)) reached.add(target);
      }
    const isDecision = (page: string) => page.includes("decisions");
    assert.deepEqual(
      pages.filter((page) => !reached.has(page) && !isDecision(page)),
      [],
    );
  });

  it("has a README that is read at one sitting", () => {
    assert.ok(textOf(join(root, "README.md")).split("\n").length < 260);
  });
});

/** The links of a page within this repository; what stands in a block of code is none. */
function linksOf(page: string): string[] {
  const prose = textOf(page).replace(/^```[\s\S]*?^```/gm, "");
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
  return links.filter((link) => !/^[a-z]+:/.test(link));
}

function leadsSomewhere(page: string, link: string): boolean {
  const [path = "", heading] = link.split("#");
  const target = path === "" ? page : resolve(dirname(page), path);
  if (!existsSync(target)) return false;
  return heading === undefined || headingsOf(target).includes(heading);
}

/** As GitHub makes them of headings. */
function headingsOf(page: string): string[] {
  return [...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

function textOf(page: string): string {
  return readFileSync(page, "utf8");
}
