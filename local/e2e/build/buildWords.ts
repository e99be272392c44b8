/** Of what a build said: that tests passed, and its last words, which tell what was started or what went wrong. */
export function buildWords(lines: readonly string[]): string[] {
  const said = lines.filter((line) => line !== "");
  const tests = said.slice(0, -3).filter((line) => /\b\d+ passed\b/.test(line));
  return [...tests, ...said.slice(-3)];
}
