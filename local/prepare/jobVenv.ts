import { join } from "node:path";

import { venvPython } from "./venv";

/** A Python that stands for the training image: exactly what job-requirements.txt pins. */
export function jobPython(signal: AbortSignal): Promise<string> {
  const folder = join(__dirname, "..", "e2e", "training");
  const requirements = join(folder, "job-requirements.txt");
  return venvPython({ name: "job", owner: "the Python environment of jobs", requirements }, signal);
}
