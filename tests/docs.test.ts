import { strict as assert } from "node:assert";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

import { namesFor } from "../components/names/names";
import { physicalNames } from "./support/names";

const root = join(__dirname, "..");

/** Folders with Markdown pages; generated and third-party folders have none. */
const folders = [".", "docs", "docs/how-to", "docs/decisions", "examples/consumer", "template"];
const pages = folders.flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(root, folder, name)),
);

describe("documentation links", () => {
  it("point to existing files and headings", () => {
    const broken = pages.flatMap((page) =>
      linksOf(page)
        .filter((link) => !isValidLink(page, link))
        .map((link) => `${relative(root, page)}: ${link}`),
    );
    assert.deepEqual(broken, []);
  });

  it("reach every page from README, except decisions", () => {
    const reached = new Set([join(root, "README.md")]);
    // The loop also visits pages added during the iteration.
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
});

describe("README", () => {
  it("has fewer than 215 lines without the diagram", () => {
    const text = textOf(join(root, "README.md"));
    const prose = text.replace(
      /<!-- begin: npm run diagram -->[^]*<!-- end: npm run diagram -->/,
      "",
    );
    assert.ok(prose.split("\n").length < 215);
  });
});

describe("docs/names.md", () => {
  it("lists every physical name of a project, and no other", () => {
    const place = { accountId: "123456789012", dnsSuffix: "amazonaws.com", partition: "aws" };
    const names = namesFor(
      { projectName: "churn", projectId: "dev" },
      { ...place, region: "us-east-1" },
    );
    const page = textOf(join(root, "docs/names.md"));
    const listed = [...page.matchAll(/^\|[^|]*\|(.*)\|$/gm)]
      .flatMap(([, cell = ""]) => [...cell.matchAll(/`([^`]+)`/g)])
      .map(([, name = ""]) => name);
    assert.deepEqual([...new Set(listed)].sort(), [...new Set(physicalNames(names))].sort());
  });
});

describe("quotations in the documentation", () => {
  it("match the error texts of deployment builds", () => {
    const sources = ["endpoint", "components/validation", "starter/model-deploy/acceptance"];
    const source = sources.flatMap(filesIn).map(sourceTextOf).join("\n");
    const quoted = firstCells("docs/deployment.md", "## Deployment errors");
    assert.deepEqual(quoted.flatMap(fragmentsOf).filter(missingIn(source)), []);
  });

  it("match the first lines of notifications", () => {
    const source = [
      "components/modelBuild/buildNotifications.ts",
      "components/modelDeploy/deployNotifications.ts",
    ]
      .map(sourceTextOf)
      .join("\n");
    const quoted = firstCells("docs/operations.md", "## Notifications");
    assert.deepEqual(quoted.flatMap(fragmentsOf).filter(missingIn(source)), []);
  });

  it("include every key of the starter's endpoint configs", () => {
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

/** Links of a page to files of this repository, without code blocks. */
function linksOf(page: string): string[] {
  const prose = textOf(page).replace(/^```[\s\S]*?^```/gm, "");
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
  return links.filter((link) => !/^[a-z]+:/.test(link));
}

function isValidLink(page: string, link: string): boolean {
  const [path = "", heading] = link.split("#");
  const target = path === "" ? page : resolve(dirname(page), path);
  if (!existsSync(target)) return false;
  return heading === undefined || anchorsOf(target).includes(heading);
}

/** Anchors of the headings, in the format of GitHub. */
function anchorsOf(page: string): string[] {
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

/** First column of the table below a heading. */
function firstCells(page: string, heading: string): string[] {
  const [, section = ""] = textOf(join(root, page)).split(heading);
  const [own = ""] = section.split(/^## /m);
  const rows = own.split("\n").filter((line) => line.startsWith("|"));
  return rows.slice(2).map((row) => row.split("|")[1] ?? "");
}

/** Constant parts of a quotation: the text between dots, numbers and names. */
function fragmentsOf(quoted: string): string[] {
  const parts = quoted.split(/\.\.\.|\d+|"[^"]*"|s3:\S+|\((?:or )[^)]*\)/);
  return parts
    .map((part) => part.replace(/^[\s.;:,]+|[\s.;:,]+$/g, ""))
    .filter((it) => it.length > 5);
}

function missingIn(source: string): (fragment: string) => boolean {
  return (fragment) => !source.includes(fragment);
}

/** Text of a file, with split string literals joined. */
function sourceTextOf(file: string): string {
  return textOf(join(root, file)).replace(/["'`] ?\+?\n\s*f?["'`]/g, "");
}

function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder))
    .filter((name) => /\.(ts|py)$/.test(name))
    .map((name) => join(folder, name));
}
