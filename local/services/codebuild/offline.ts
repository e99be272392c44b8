import { run } from "../../toolchain/processes";
import { SITE } from "../simulatedTime";

const REFUSED = "blocked by the local cloud";
// A port of this machine on which nothing listens.
const NOWHERE = "http://127.0.0.1:9";
// By an address, which is reserved for documentation and no host has, and by a name.
const WAYS_OUT = ["192.0.2.1", "pypi.org"].map(
  (host) => `import socket; socket.create_connection(("${host}", 443), 2)`,
);

/** Hosts of PyPI. */
const PYPI = ["pypi.org", "files.pythonhosted.org"];

/**
 * Environment of a build whose Python reaches AWS only on this machine, also by an endpoint that its code names, and
 * else the package index; programs that install packages reach everything.
 * @param variables of the build, which may name an index
 */
export function onlyHere(variables: Readonly<Record<string, string>>): Record<string, string> {
  const indexes = Object.entries(variables).filter(([name]) => /^(PIP|UV)_.*INDEX/.test(name));
  const hosts = indexes.flatMap(([, value]) =>
    [...value.matchAll(/https?:\/\/(?:[^\s/@]*@)?([^\s/:]+)/g)].map(([, host = ""]) => host),
  );
  return { LOCAL_CLOUD_INDEX_HOSTS: [...new Set([...PYPI, ...hosts])].join(" ") };
}

/**
 * Environment of a build that reaches nothing but AWS: no package index, no proxy and no cache of packages, and no
 * Python of it opens a connection that leaves this machine.
 * @throws Error if a connection is not refused
 */
export async function offlineSettings(
  python: string,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  const settings: Record<string, string> = {
    NO_PROXY: "127.0.0.1,localhost",
    PIP_CONFIG_FILE: "/dev/null",
    PIP_EXTRA_INDEX_URL: "",
    PIP_INDEX_URL: NOWHERE,
    PIP_RETRIES: "0",
    LOCAL_CLOUD_INDEX_HOSTS: "",
    PYTHONPATH: SITE,
    UV_DEFAULT_INDEX: NOWHERE,
    UV_OFFLINE: "1",
    no_proxy: "127.0.0.1,localhost",
  };
  for (const name of ["http_proxy", "https_proxy", "all_proxy"]) {
    settings[name] = settings[name.toUpperCase()] = NOWHERE;
  }
  await Promise.all(WAYS_OUT.map((way) => mustBeRefused(python, way, settings, signal)));
  return settings;
}

async function mustBeRefused(
  python: string,
  way: string,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  const { code, lines } = await run(python, ["-c", way], {
    env: { PATH: process.env.PATH, ...env },
    signal,
  });
  if (code !== 0 && lines.some((line) => line.includes(REFUSED))) return;
  throw new Error(
    `a build without a way out must be refused "${way}", got exit status ${code.toString()}: ${lines.slice(-1).join("")}`,
  );
}
