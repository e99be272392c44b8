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

describe("what the documentation quotes", () => {
  it("is what builds of a deployment say when they refuse", () => {
    const sources = ["endpoint", "components/checks", "starter/model-deploy/acceptance"];
    const said = [...sources.flatMap(filesIn)].map(wordsOf).join("\n");
    const quoted = firstCells("docs/deployment.md", "## What a refusal means");
    assert.deepEqual(quoted.flatMap(fragmentsOf).filter(missingIn(said)), []);
  });

  it("is what messages begin with", () => {
    const said = ["components/messages.ts", "components/deployMessages.ts"].map(wordsOf).join("\n");
    const quoted = firstCells("docs/operations.md", "## People are to be told");
    assert.deepEqual(quoted.flatMap(fragmentsOf).filter(missingIn(said)), []);
  });

  it("has every key of the configs that the deploy repository starts with", () => {
    const page = textOf(join(root, "docs/deployment.md"));
    const keys = ["staging", "prod"].flatMap((stage) =>
      [
        ...textOf(join(root, `starter/model-deploy/${stage}-config.json`)).matchAll(/"(\w+)":/g),
      ].map(([, key = ""]) => key),
    );
    assert.deepEqual(
      keys.filter((key) => !new RegExp(`\`(\\w+)?\\.?${key}\\b`).test(page)),
      [],
    );
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

/** The first cells of the table under a heading. */
function firstCells(page: string, heading: string): string[] {
  const [, section = ""] = textOf(join(root, page)).split(heading);
  const [own = ""] = section.split(/^## /m);
  const rows = own.split("\n").filter((line) => line.startsWith("|"));
  return rows.slice(2).map((row) => row.split("|")[1] ?? "");
}

/** The words of a quotation between what differs each time: dots, numbers, names. */
function fragmentsOf(quoted: string): string[] {
  const parts = quoted.split(/\.\.\.|\d+|"[^"]*"|s3:\S+|\((?:or )[^)]*\)/);
  return parts
    .map((part) => part.replace(/^[\s.;:,]+|[\s.;:,]+$/g, ""))
    .filter((it) => it.length > 5);
}

function missingIn(said: string): (fragment: string) => boolean {
  return (fragment) => !said.includes(fragment);
}

/** What a file says, as if its texts were in one piece. */
function wordsOf(file: string): string {
  return textOf(join(root, file)).replace(/["'`] ?\+?\n\s*f?["'`]/g, "");
}

function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder))
    .filter((name) => /\.(ts|py)$/.test(name))
    .map((name) => join(folder, name));
}
