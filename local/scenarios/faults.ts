import type { Files } from "../services/codepipeline/sourceFiles";

const SAYS = "broken on purpose by the end-to-end run";

/** What a build's command says that was broken on purpose. */
export const brokenWords = SAYS;

/** A commit whose build fails at once. */
export function breakBuild(buildspec: string): Files {
  const text = `version: 0.2\nphases:\n  build:\n    commands:\n      - echo "${SAYS}"; exit 3\n`;
  return { [buildspec]: bytes(text) };
}

/** A commit whose tests are gone and whose training script fails when it runs as a job. */
export function breakTraining(files: Files, buildspec: string): Files {
  const script = Object.keys(files).find((path) => /(^|\/)train\.py$/.test(path));
  const before = files[buildspec];
  if (script === undefined || before === undefined) {
    throw new Error(`the repository has no train.py or no ${buildspec}`);
  }
  return {
    [buildspec]: withoutTests(before),
    [script]: bytes(`raise SystemExit("${SAYS}")\n`),
  };
}

/** The buildspec without its phase pre_build, which runs the tests. */
export function withoutTests(buildspec: Uint8Array): Uint8Array {
  const text = Buffer.from(buildspec).toString();
  return bytes(text.replace(/^ {2}pre_build:\n(^ {3,}.*\n)+/m, ""));
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
