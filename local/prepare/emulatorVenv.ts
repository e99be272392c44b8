import { join } from "node:path";

import { venvPython } from "./venv";

/** A Python that has exactly what the emulator's requirements.txt pins. */
export function emulatorPython(signal: AbortSignal): Promise<string> {
  const requirements = join(__dirname, "..", "emulator", "requirements.txt");
  return venvPython({ name: "emulator", owner: "the emulator", requirements }, signal);
}
