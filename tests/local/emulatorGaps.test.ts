import { strict as assert } from "node:assert";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

import { run } from "../../local/toolchain/processes";
import { emulatorPython } from "../../local/toolchain/venv";

const emulator = join(__dirname, "..", "..", "local", "cloud", "emulator");
const gaps = join(emulator, "gaps");
const SHARED = ["__init__", "__pycache__", "callers"];
const HEADER = /^"""moto (\S+) lacks, of ([^:\n]+):\n\n((?:- .+\n)+)/;

const names = z.array(z.string());
const patches = z.record(z.string(), z.object({ operations: names, added: names, changed: names }));

describe("gaps of the emulator", function () {
  // A first run also creates the Python environment.
  this.timeout(10 * 60_000);
  let headers: Map<string, ReturnType<typeof headerOf>>;
  let patched: z.infer<typeof patches>;

  before("reads the headers", () => {
    const entries = readdirSync(gaps).map((entry) => entry.replace(/\.py$/, ""));
    const services = entries.filter((name) => !SHARED.includes(name));
    headers = new Map(services.map((name) => [name, headerOf(name)]));
  });

  before("patches moto", async () => {
    const { signal } = new AbortController();
    const python = await emulatorPython(signal);
    const script = join(__dirname, "emulatorGaps.py");
    const { code, lines } = await run(python, ["-B", script, emulator], { signal });
    assert.equal(code, 0, lines.join("\n"));
    patched = patches.parse(JSON.parse(lines.at(-1) ?? ""));
  });

  it("let IAM read roles and policies while another request changes them", async () => {
    const { signal } = new AbortController();
    const script = [
      "import sys; sys.path.insert(0, sys.argv[1]); import gaps; gaps.close_all()",
      "from moto.iam.models import iam_backends",
      "iam = iam_backends['123456789012']['aws']",
      "for shared in (iam.roles, iam.managed_policies):",
      "    shared['a'] = shared['b'] = object()",
      "    for _ in shared.values(): shared.pop('a', None)",
    ].join("\n");
    const { lines } = await run(await emulatorPython(signal), ["-B", "-c", script, emulator], {
      signal,
    });
    assert.deepEqual(lines, []);
  });

  it("are one module per AWS service", () => {
    assert.deepEqual(Object.keys(patched).sort(), [...headers.keys()].sort());
    const services = [...headers.values()].map(({ service }) => service);
    assert.equal(new Set(services).size, services.length);
  });

  it("name the version of moto in requirements.txt", () => {
    const requirements = readFileSync(join(emulator, "requirements.txt"), "utf8");
    const [, pinned] = /^moto(?:\[.*\])?==(\S+)/m.exec(requirements) ?? [];
    assert.ok(pinned);
    for (const [name, { version }] of headers) assert.equal(version, pinned, name);
  });

  it("list exactly the API operations that moto lacks", () => {
    for (const [name, { missing }] of headers)
      assert.deepEqual([...missing].sort(), patched[name]?.added, name);
  });

  it("list each API operation whose behaviour they change, and no unknown one", () => {
    for (const [name, { changed }] of headers) {
      const { changed: expected = [], operations = [] } = patched[name] ?? {};
      assert.deepEqual(
        expected.filter((operation) => !changed.includes(operation)),
        [],
        name,
      );
      assert.deepEqual(
        changed.filter((operation) => !operations.includes(operation)),
        [],
        name,
      );
    }
  });
});

/** A line is an operation that moto lacks, or `Operation, Operation: behaviour`. */
function headerOf(name: string) {
  const file = join(gaps, `${name}.py`);
  const text = readFileSync(existsSync(file) ? file : join(gaps, name, "__init__.py"), "utf8");
  const [, version = "", service = "", list] = HEADER.exec(text) ?? [];
  assert.ok(list, `${name} has no header "moto VERSION lacks, of SERVICE:"`);
  const lines = list
    .trim()
    .split("\n")
    .map((line) => line.slice(2));
  const missing = lines.filter((line) => /^\w+$/.test(line));
  const behaviours = lines.filter((line) => line.includes(": "));
  const changed = behaviours.flatMap((line) => line.slice(0, line.indexOf(": ")).split(", "));
  assert.equal(missing.length + behaviours.length, lines.length, name);
  return { version, service, missing, changed };
}
