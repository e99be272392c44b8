import { strict as assert } from "node:assert";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";

import { z } from "zod";

import { namesFor } from "../../components/names/names";
import { physicalNames } from "../support/names";
import { textOf } from "../support/repositoryFiles";

const root = join(__dirname, "..", "..");

/** Markdown pages by path; generated and third-party folders have none. */
const pages = [
  ...pagesIn("."),
  ...["docs", "starter", "examples", "template"].flatMap((folder) => pagesIn(folder, true)),
];
const pagesOf = (folder: string) => pages.filter((page) => page.startsWith(folder));

describe("documentation", () => {
  it("has only links to existing files and headings", () => {
    const broken = pages.flatMap((page) =>
      linksOf(page)
        .filter((link) => !isValidLink(page, link))
        .map((link) => `${page}: ${link}`),
    );
    assert.deepEqual(broken, []);
  });

  it("links every page of docs/ from docs/README.md", () => {
    const listed = linksOf("docs/README.md").map((link) => join("docs", link));
    assert.deepEqual(
      pagesOf("docs/").filter((page) => page !== "docs/README.md" && !listed.includes(page)),
      [],
    );
  });

  it("links every page from README, directly or not", () => {
    const reached = new Set(["README.md"]);
    // The loop also visits pages added during the iteration.
    for (const page of reached)
      for (const link of linksOf(page)) {
        const target = join(dirname(page), link.split("#")[0] ?? "");
        if (pages.includes(target)) reached.add(target);
      }
    assert.deepEqual(
      pages.filter((page) => !reached.has(page)),
      [],
    );
  });

  it("names only existing files and folders", () => {
    const named = pages
      .filter((page) => !page.startsWith("starter"))
      .flatMap((page) => pathsOf(page).map((path) => `${page}: ${path}`));
    assert.ok(named.length > 50);
    assert.deepEqual(
      named.filter((it) => !existsSync(join(root, it.split(": ")[1] ?? ""))),
      [],
    );
  });

  it("names only existing npm scripts", () => {
    const missing = pages.flatMap((page) => {
      // A starter names the scripts of its own package and of this project.
      const scripts = [...scriptsIn("."), ...scriptsIn(dirname(page))];
      return [...textOf(page).matchAll(/\bnpm run (?:-s )?([\w:-]+)/g)]
        .map(([, name = ""]) => name)
        .filter((name) => !scripts.includes(name))
        .map((name) => `${page}: npm run ${name}`);
    });
    assert.deepEqual(missing, []);
  });

  it("has every page that a comment or an error names", () => {
    const folders = ["components", "local", "policy", "scripts", "starter"];
    const named = folders
      .flatMap((folder) => filesIn(folder, true))
      .flatMap((file) =>
        [...textOf(file).matchAll(/\bdocs\/[\w./-]+\.md\b/g)].map(([page]) => `${file}: ${page}`),
      );
    assert.ok(named.length > 0);
    assert.deepEqual(
      named.filter((it) => !pages.includes(it.split(": ")[1] ?? "")),
      [],
    );
  });
});

describe("README", () => {
  it("has at most 120 lines without the diagram", () => {
    const prose = textOf("README.md").replace(/^```mermaid$[^]*?^```$/m, "");
    assert.ok(prose.split("\n").length <= 120);
  });
});

describe("runbooks", () => {
  it("have a symptom, a check, a fix and a reason", () => {
    assert.ok(pagesOf("docs/runbooks/").length > 0);
    for (const page of pagesOf("docs/runbooks/"))
      assert.deepEqual(sectionsOf(page), ["Symptom", "Check", "Fix", "Why"], page);
  });
});

describe("decisions", () => {
  it("have a number, status, date, context, decision and consequences", () => {
    const sections = ["Status", "Date", "Context", "Decision", "Consequences"];
    for (const [index, page] of pagesOf("docs/decisions/").entries()) {
      assert.deepEqual(sectionsOf(page), sections, page);
      assert.ok(textOf(page).startsWith(`# ${String(index + 1)}. `), page);
      assert.ok(page.startsWith(`docs/decisions/${String(index + 1).padStart(4, "0")}-`), page);
    }
  });
});

describe("docs/names.md", () => {
  it("lists every physical name of a project, and no other", () => {
    const place = { accountId: "123456789012", dnsSuffix: "amazonaws.com", partition: "aws" };
    const names = namesFor(
      { projectName: "churn", projectId: "dev" },
      { ...place, region: "us-east-1" },
    );
    // Only production has alarms of daily use.
    const { staging } = names.deploy;
    const deploy = { ...names.deploy, staging: { ...staging, alarms: {}, alarmArns: [] } };
    const [, ...lists] = textOf("docs/names.md").split(/^- \*\*/m);
    const listed = lists
      .map((list) => list.split("\n\n")[0] ?? "")
      .flatMap((list) => [...list.matchAll(/`([^`]+)`/g)])
      .map(([, name = ""]) => name);
    assert.deepEqual(
      [...new Set(listed)].sort(),
      [...new Set(physicalNames({ ...names, deploy }))].sort(),
    );
  });
});

describe("docs/how-to/existing-role.md", () => {
  it("names only statements of the execution role", () => {
    const source = ["buildRoles", "statements"]
      .map((file) => textOf(`components/policies/${file}.ts`))
      .join("\n");
    const [, list = ""] = textOf("docs/how-to/existing-role.md").split("Copy these statements");
    const named = [...(list.split("Set the trust policy")[0] ?? "").matchAll(/`([A-Z]\w+)`/g)];
    assert.ok(named.length > 0);
    assert.deepEqual(
      named.map(([, name = ""]) => name).filter((name) => !source.includes(`"${name}"`)),
      [],
    );
  });
});

describe("quotations in the documentation", () => {
  it("match the first lines of notifications", () => {
    const source = [
      "components/modelBuild/buildNotifications.ts",
      "components/modelDeploy/deployNotifications.ts",
      "starter/model-deploy/deployment/waiting.py",
    ]
      .map(sourceTextOf)
      .join("\n");
    const quoted = firstCells("docs/notifications.md", "## What each notification means");
    assert.ok(quoted.length > 0);
    assert.deepEqual(quoted.flatMap(fragmentsOf).filter(missingIn(source)), []);
  });

  it("include every key of the starter's endpoint configs", () => {
    const page = textOf("starter/model-deploy/README.md");
    const keys = ["staging", "prod"].flatMap((stage) =>
      [...textOf(`starter/model-deploy/${stage}-config.json`).matchAll(/"(\w+)":/g)].map(
        ([, key = ""]) => key,
      ),
    );
    assert.deepEqual(
      keys.filter((key) => !new RegExp(`\`(\\w+)?\\.?${key}\\b`).test(page)),
      [],
    );
  });
});

/** Links of a page to files of this repository, without code blocks. */
function linksOf(page: string): string[] {
  const prose = textOf(page).replace(/^ *```[\s\S]*?^ *```/gm, "");
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
  // GitHub itself resolves the badge of a workflow.
  return links.filter((link) => !/^[a-z]+:|^\.\.\/\.\.\/actions\//.test(link));
}

function isValidLink(page: string, link: string): boolean {
  const [path = "", heading] = link.split("#");
  const target = path === "" ? page : join(dirname(page), path);
  if (!existsSync(join(root, target))) return false;
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

/** Paths of this repository in code font, without those that contain a placeholder. */
function pathsOf(page: string): string[] {
  const path =
    /^(bootstrap|components|docs|examples|lib|local|policy|scripts|starter|tests)\/[\w./-]*$/;
  return [...textOf(page).matchAll(/`([^`\n]+)`/g)]
    .map(([, code = ""]) => code)
    .filter((code) => path.test(code));
}

/** Headings of the second level. */
function sectionsOf(page: string): string[] {
  return [...textOf(page).matchAll(/^## (.*)$/gm)].map(([, heading = ""]) => heading);
}

/** npm scripts of the package in a folder. */
function scriptsIn(folder: string): string[] {
  const file = join(folder, "package.json");
  if (!existsSync(join(root, file))) return [];
  const manifest = z.object({ scripts: z.looseObject({}).default({}) });
  return Object.keys(manifest.parse(JSON.parse(textOf(file))).scripts);
}

/** First column of the table below a heading. */
function firstCells(page: string, heading: string): string[] {
  const [, section = ""] = textOf(page).split(heading);
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
  return textOf(file).replace(/["'`] ?\+?\n\s*f?["'`]/g, "");
}

/** Markdown pages of a folder, by path. */
function pagesIn(folder: string, recursive = false): string[] {
  return namesIn(folder, recursive)
    .filter((name) => name.endsWith(".md"))
    .sort();
}

/** Code of a folder, by path. */
function filesIn(folder: string, recursive = false): string[] {
  return namesIn(folder, recursive).filter((name) => /\.(ts|py)$/.test(name));
}

function namesIn(folder: string, recursive: boolean): string[] {
  return readdirSync(join(root, folder), { recursive, encoding: "utf8" })
    .filter((name) => !/node_modules|\.venv|_cache/.test(name))
    .map((name) => join(folder, name));
}
