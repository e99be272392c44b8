import { type Json, json } from "./json";

/** How the training toolkit in AWS's framework images starts a script. */
export interface Script {
  /** Relative to the code's folder. */
  readonly program: string;
  /** A tar.gz in S3. */
  readonly submitDirectory: string;
  /** As the script gets them: `--name value`. */
  readonly args: readonly string[];
  /** Less the toolkit's own, each with its JSON type. */
  readonly hyperparameters: Readonly<Record<string, Json>>;
}

/** The script that hyperparameters name; undefined if they name none. */
export function scriptOf(hyperparameters: Readonly<Record<string, string>>): Script | undefined {
  const values = Object.fromEntries(
    Object.entries(hyperparameters).map(([name, text]) => [name, decoded(text)]),
  );
  const { sagemaker_program: program, sagemaker_submit_directory: submitDirectory } = values;
  if (typeof program !== "string" || typeof submitDirectory !== "string") return undefined;

  const own = Object.entries(values).filter(([name]) => !name.startsWith("sagemaker_"));
  const args = own
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([name, value]) => [name.length === 1 ? `-${name}` : `--${name}`, asPython(value)]);
  return { program, submitDirectory, args, hyperparameters: Object.fromEntries(own) };
}

/** SDKs write each value as JSON; people also as bare text. */
function decoded(text: string): Json {
  try {
    return json.parse(JSON.parse(text));
  } catch {
    return text;
  }
}

/** The toolkit hands values on as Python writes them. */
function asPython(value: Json): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The variables that the toolkit sets for a script. */
export function scriptEnvironment(
  { hyperparameters, program, submitDirectory }: Script,
  channels: readonly string[],
): Record<string, string> {
  const inChannel = channels.map(
    (name) => [`SM_CHANNEL_${name.toUpperCase()}`, `/opt/ml/input/data/${name}`] as const,
  );
  const given = Object.entries(hyperparameters).map(
    ([name, value]) => [`SM_HP_${name.toUpperCase()}`, asPython(value)] as const,
  );
  return {
    SM_MODEL_DIR: "/opt/ml/model",
    SM_INPUT_DIR: "/opt/ml/input",
    SM_INPUT_CONFIG_DIR: "/opt/ml/input/config",
    SM_OUTPUT_DIR: "/opt/ml/output",
    SM_OUTPUT_DATA_DIR: "/opt/ml/output/data",
    SM_OUTPUT_INTERMEDIATE_DIR: "/opt/ml/output/intermediate",
    SM_CHANNELS: JSON.stringify(channels),
    SM_HPS: JSON.stringify(hyperparameters),
    SM_USER_ENTRY_POINT: program,
    SM_MODULE_NAME: program.replace(/\.py$/, ""),
    SM_MODULE_DIR: submitDirectory,
    SM_HOSTS: '["algo-1"]',
    SM_CURRENT_HOST: "algo-1",
    SM_NUM_GPUS: "0",
    ...Object.fromEntries(inChannel),
    ...Object.fromEntries(given),
  };
}
