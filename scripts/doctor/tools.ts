import { type Finding, fix, note, ok } from "./finding";

/** Whether a version, for example `v22.1.0`, is in a range, for example `>=20.19`. */
function isInRange(version: string, range: string): boolean {
  const [found = [], minimum = []] = [version, range].map((text) =>
    text.match(/\d+/g)?.map(Number),
  );
  for (const [index, required] of minimum.entries()) {
    const actual = found[index] ?? 0;
    if (actual !== required) return actual > required;
  }
  return found.length > 0;
}

/** Node version, against the range in package.json. */
export function nodeFinding(version: string, range: string): Finding {
  if (!isInRange(version, range))
    return fix(
      `Node ${version}`,
      `must be ${range}; install a newer version from https://nodejs.org`,
    );
  // Node 20 runs, but the Pulumi SDK no longer supports it.
  return isInRange(version, ">=22")
    ? ok(`Node ${version}`)
    : note(`Node ${version}`, "sufficient for the local cloud; Pulumi supports 22 and newer");
}

/** Pulumi CLI version, against the range in Pulumi.yaml; `version` throws if there is no CLI. */
export function pulumiFinding(version: () => string, range: string): Finding {
  const remedy = "https://www.pulumi.com/docs/install/";
  try {
    const found = version();
    if (isInRange(found, range)) return ok(`Pulumi CLI ${found}`);
    return fix(`Pulumi CLI ${found}`, `must be ${range}; install a newer version: ${remedy}`);
  } catch {
    return fix("the Pulumi CLI is not on PATH", `install a version ${range}: ${remedy}`);
  }
}

/** Login of the Pulumi CLI to its state; `whoami` throws without a login. */
export function loginFinding(whoami: () => string): Finding {
  try {
    return ok(`the Pulumi CLI is logged in as ${whoami()}`);
  } catch {
    return fix(
      "the Pulumi CLI is not logged in",
      'log in, for example "pulumi login s3://my-state-bucket", or "pulumi login" for Pulumi Cloud',
    );
  }
}

/** Python version; only the local cloud needs Python. */
export function pythonFinding(version: string | undefined): Finding {
  if (version !== undefined && isInRange(version, ">=3.10")) return ok(version);
  return note(
    version ?? "Python is not on PATH",
    "npm run local needs 3.10 or newer; pulumi up needs no Python",
  );
}
