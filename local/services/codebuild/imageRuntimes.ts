type Runtimes = Readonly<Record<string, readonly string[]>>;

const java = ["corretto25", "corretto21", "corretto17", "corretto11", "corretto8"];
const newest: Runtimes = {
  dotnet: ["10.0", "8.0"],
  golang: ["1.26", "1.25", "1.24"],
  java,
  nodejs: ["24", "22"],
  php: ["8.5", "8.4", "8.3", "8.2"],
  python: ["3.14", "3.13", "3.12", "3.11", "3.10"],
  ruby: ["4.0", "3.4", "3.3"],
  rust: ["1.93"],
};
const before: Runtimes = {
  dotnet: ["10.0", "8.0", "6.0"],
  golang: ["1.26", "1.25", "1.24", "1.23", "1.22", "1.21", "1.20"],
  java,
  nodejs: ["24", "22", "20", "18"],
  php: ["8.5", "8.4", "8.3", "8.2"],
  python: ["3.14", "3.13", "3.12", "3.11", "3.10", "3.9"],
  ruby: ["4.0", "3.4", "3.3", "3.2", "3.1"],
};
const arm: Runtimes = { docker: ["23"], rust: ["1.94"] };

/**
 * Runtimes of CodeBuild's maintained Linux images, from their `runtimes.yml` (April 2026).
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/available-runtimes.html
 */
const images: Readonly<Record<string, Runtimes>> = {
  "amazonlinux-aarch64-standard:3.0": { ...before, ...arm, php: [...(before.php ?? []), "8.1"] },
  "amazonlinux-aarch64-standard:4.0": { ...newest, ...arm },
  "amazonlinux-x86_64-standard:5.0": before,
  "amazonlinux-x86_64-standard:6.0": newest,
  // The older name of the same image.
  "amazonlinux2-x86_64-standard:5.0": before,
  "standard:7.0": before,
  "standard:8.0": newest,
};

/** Runtimes of an image by name; undefined if it is none of CodeBuild's, or none that AWS still maintains. */
export function runtimesOf(image: string): Runtimes | undefined {
  // An image may be pinned to the day of its release, for example `-26.04.09`.
  const name = image.replace(/^aws\/codebuild\//, "").replace(/-\d\d\.\d\d\.\d\d$/, "");
  return image.startsWith("aws/codebuild/") ? images[name] : undefined;
}

/** Why CodeBuild refuses the `runtime-versions` of a buildspec, in its words; undefined if it does not. */
export function runtimeProblem(
  wanted: Readonly<Record<string, string>>,
  available: Runtimes,
): string | undefined {
  for (const [runtime, version] of Object.entries(wanted)) {
    const versions = available[runtime];
    if (versions === undefined) {
      const names = Object.keys(available).sort().join(", ");
      return `Unknown runtime named '${runtime}'. This build image has the following runtimes: ${names}`;
    }
    if (version === "latest" || versions.some((one) => isMatch(version, one))) continue;
    return `Unknown runtime version named '${version}' of ${runtime}. This build image has the following versions: ${versions.join(", ")}`;
  }
  return undefined;
}

/** A version as it is, or the newest of a major version, for example `3.x`. */
function isMatch(wanted: string, version: string): boolean {
  if (!wanted.endsWith(".x")) return wanted === version;
  const major = wanted.slice(0, -".x".length);
  return version === major || version.startsWith(`${major}.`);
}
