import { type Finding, fix, note, ok } from "./finding";

/** Whether a version, such as `v22.1.0`, is at least the one that a range such as `>=20.19` asks for. */
function reaches(version: string, range: string): boolean {
  const [found = [], least = []] = [version, range].map((text) => text.match(/\d+/g)?.map(Number));
  for (const [index, wanted] of least.entries()) {
    const have = found[index] ?? 0;
    if (have !== wanted) return have > wanted;
  }
  return found.length > 0;
}

/** Node, as package.json asks for it. */
export function nodeFinding(version: string, range: string): Finding {
  if (!reaches(version, range))
    return fix(
      `Node ${version}`,
      `it must be ${range}: install a newer one from https://nodejs.org`,
    );
  // Pulumi's Node host no longer supports 20, though it runs.
  return reaches(version, ">=22")
    ? ok(`Node ${version}`)
    : note(`Node ${version}`, "enough for the local cloud; Pulumi supports 22 and newer");
}

/** The Pulumi CLI, as Pulumi.yaml asks for it; `version` throws if there is none. */
export function pulumiFinding(version: () => string, range: string): Finding {
  const remedy = "https://www.pulumi.com/docs/install/";
  try {
    const found = version();
    if (reaches(found, range)) return ok(`Pulumi CLI ${found}`);
    return fix(`Pulumi CLI ${found}`, `it must be ${range}: ${remedy}`);
  } catch {
    return fix("no Pulumi CLI is on PATH", `install one that is ${range}: ${remedy}`);
  }
}

/** Where Pulumi keeps its state; `whoami` throws if nobody is logged in. */
export function loginFinding(whoami: () => string): Finding {
  try {
    return ok(`logged in to Pulumi's state as ${whoami()}`);
  } catch {
    return fix(
      "not logged in to Pulumi's state",
      'log in, for example "pulumi login s3://my-state-bucket", or "pulumi login" for Pulumi Cloud',
    );
  }
}

/** Python, which only the local cloud needs. */
export function pythonFinding(version: string | undefined): Finding {
  if (version !== undefined && reaches(version, ">=3.10")) return ok(version);
  return note(version ?? "no Python", "npm run local needs 3.10 or newer; pulumi up needs none");
}
