import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Emulator, startEmulator } from "../../local/cloud/emulator";
import { emulatorPython } from "../../local/toolchain/venv";

/** The emulator of the local cloud. Its first start also creates its Python environment. */
export async function runningEmulator(): Promise<Emulator> {
  const { signal } = new AbortController();
  const scratch = mkdtempSync(join(tmpdir(), "emulator-"));
  const emulator = await startEmulator(await emulatorPython(signal), scratch, signal);
  const stop = async (): Promise<void> => {
    await emulator.stop();
    rmSync(scratch, { recursive: true });
  };
  return { ...emulator, stop };
}
