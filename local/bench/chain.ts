/** A resource and the resources that must exist before it is created. */
export interface Link {
  readonly name: string;
  readonly waitsFor: readonly string[];
}

/** The names along the longest chain of resources of which each waits for the one before it. */
export function longestChain(links: readonly Link[]): string[] {
  const byName = new Map(links.map((link) => [link.name, link]));
  const chains = new Map<string, string[]>();

  // An engine's graph has no cycle: a resource can only wait for one that was registered before.
  const chainTo = (name: string): string[] => {
    const known = chains.get(name);
    if (known !== undefined) return known;
    const before = longest((byName.get(name)?.waitsFor ?? []).map(chainTo));
    const chain = byName.has(name) ? [...before, name] : before;
    chains.set(name, chain);
    return chain;
  };
  return longest(links.map(({ name }) => chainTo(name)));
}

function longest(chains: readonly string[][]): string[] {
  return chains.reduce((best, chain) => (chain.length > best.length ? chain : best), []);
}
