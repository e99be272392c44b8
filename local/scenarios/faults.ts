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
  return changeTraining(files, buildspec, () => `raise SystemExit("${SAYS}")\n`);
}

/**
 * A commit of the starter whose model sees one of 30 measurements: its ROC AUC reaches the minimum,
 * but it is worse than a model that sees all of them.
 */
export function worsenTraining(files: Files, buildspec: string): Files {
  const [line, hidden] = [
    '    table = pd.read_csv(train / "train.csv")\n',
    '    table.loc[:, table.columns.drop([LABEL, "worst_area"])] = 0\n',
  ];
  return changeTraining(files, buildspec, (script) => {
    if (!script.includes(line)) throw new Error(`train.py must have the line ${line}`);
    return script.replace(line, `${line}${hidden}`);
  });
}

/** A commit without tests and with another training script. */
function changeTraining(
  files: Files,
  buildspec: string,
  change: (script: string) => string,
): Files {
  const script = Object.keys(files).find((path) => /(^|\/)train\.py$/.test(path));
  const [before, content] = [files[buildspec], files[script ?? ""]];
  if (script === undefined || before === undefined || content === undefined) {
    throw new Error(`the repository has no train.py or no ${buildspec}`);
  }
  return {
    [buildspec]: withoutTests(before),
    [script]: bytes(change(Buffer.from(content).toString())),
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
