/** Hides the account and its secrets in a text. */
export type Mask = (text: string) => string;

const patterns: readonly (readonly [pattern: RegExp, shown: string])[] = [
  // The name of a role session can be the name of a person.
  [/(:assumed-role\/[^/"\s]+)\/[^"\s,]+/g, "$1/<session>"],
  [/(:iam::[^:"\s]*:user\/)[^"\s,]+/g, "$1<user>"],
  [/\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}\b/g, "<id>"],
  [/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, "<email>"],
];

/** Mask of an account: its number, names of people, ids of keys, and these secrets. */
export function maskOf(accountId: string, secrets: readonly string[]): Mask {
  // An empty text is everywhere, and a longer secret can contain another one.
  const hidden = secrets.filter((it) => it !== "").sort((one, other) => other.length - one.length);
  return (text) => {
    let shown = text;
    for (const secret of hidden)
      for (const form of [secret, JSON.stringify(secret).slice(1, -1)])
        shown = shown.replaceAll(form, "<secret>");
    shown = shown.replaceAll(accountId, "<account>");
    for (const [pattern, replacement] of patterns) shown = shown.replace(pattern, replacement);
    return shown;
  };
}
