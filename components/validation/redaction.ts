import * as pulumi from "@pulumi/pulumi";

/** Longest text that a validation error prints. */
const printedLength = 100;

/** Levels of an object that a validation error prints; an object may contain itself. */
const maximumDepth = 6;

/** Enough to recognize a secret in the printed part. */
const searchedLength = 1000;

/**
 * Formats of credentials.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes
 * @see https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns
 */
const secretFormats = [
  // AWS access keys, and API keys of Bedrock.
  /\b(AKIA|ASIA)[A-Z0-9]{16}\b/,
  /\bABSK[A-Za-z0-9+/]{40}/,
  /-----BEGIN [A-Z ]*PRIVATE KEY/,
  // Credentials in a URL, in its query, or in an assignment.
  /:\/\/[^\s/@:]*:[^\s/@]+@/,
  /https?:\/\/[^\s/@]+@/i,
  /[?&][a-z_-]*(token|password|secret|key|signature|sig|credential)=[^&\s]/i,
  /(passw(or)?d|pwd|passphrase|(secret|access|api|account|private)[_-]?key|(access|auth|api)[_-]?token)["']?\s*[=:]\s*["']?[^\s"']/i,
  /\b(basic|bearer) [\w+/.~-]{16}/i,
  // Tokens: GitHub, GitLab, Slack, OpenAI and Anthropic, Stripe, Google, Hugging Face, npm, PyPI,
  // Databricks, Pulumi, SendGrid, Vault; JSON Web Tokens.
  /\b(gh[oprsu]_|github_pat_)\w{16}/,
  /\bglpat-[\w-]{16}/,
  /\bxox[a-z]-[\w-]{8}/,
  /\bsk-[\w-]{16}/,
  /\b[rs]k_(live|test)_\w{8}/,
  /\bAIza[\w-]{30}/,
  /\bhf_[A-Za-z0-9]{16}/,
  /\bnpm_[A-Za-z0-9]{30}/,
  /\bpypi-[\w-]{16}/,
  /\bdapi[0-9a-f]{32}/,
  /\bpul-[0-9a-f]{40}/,
  /\bSG\.[\w-]{16}/,
  /\bhv[bs]\.[\w-]{16}/,
  /\beyJ[\w-]{8,}\.[\w-]{8}/,
];

/** ARN, for example of a Secrets Manager secret. */
const arn = /^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:\d*:\S+$/;

/** Texts that only look random: AWS resource IDs, UUIDs, and digests with their algorithm. */
const notRandom =
  /\b[a-z]{1,10}-[0-9a-f]{8}([0-9a-f]{9})?\b|\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b(md5|sha1|sha256|sha512)[:-][0-9A-Za-z+/=]+/g;

/** Whether a text may be a secret, by its format or since it is long and random. */
export function looksSecret(text: string): boolean {
  if (isArn(text)) return false;
  const searched = text.slice(0, searchedLength);
  return (
    secretFormats.some((format) => format.test(searched)) ||
    hasRandomPart(searched.replace(notRandom, " "))
  );
}

/** Whether a text is an ARN, which is no secret even if it is the ARN of one. */
export function isArn(text: string): boolean {
  return arn.test(text);
}

function hasRandomPart(text: string): boolean {
  const words = text.match(/[A-Za-z0-9]{20,}/g) ?? [];
  const parts = text.match(/[\w+/=-]{32,}/g) ?? [];
  // An AWS secret access key, for example.
  const keys = text.match(/(?<![\w+/=-])[A-Za-z0-9+/]{40}(?![\w+/=-])/g) ?? [];
  return (
    words.some((it) => digitChanges(it) >= 0.15 && entropy(it) >= 3) ||
    parts.some((it) => isMixed(it) && digitChanges(it) >= 0.15 && entropy(it) >= 4) ||
    keys.some((it) => isMixed(it) && entropy(it) >= 4.3)
  );
}

function isMixed(text: string): boolean {
  return /[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text);
}

/** Share of places between a letter and a digit: about a quarter or more in random text. */
function digitChanges(text: string): number {
  const changes = text.match(/[A-Za-z](?=\d)|\d(?=[A-Za-z])/g) ?? [];
  return changes.length / text.length;
}

/** Shannon entropy, in bits a character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()]
    .map((count) => count / text.length)
    .reduce((bits, share) => bits - share * Math.log2(share), 0);
}

/** Text of a value in a validation error: never a secret, and never long. */
export function printed(value: unknown): string {
  const content = plain(value);
  if (content === undefined) return "nothing";
  if (content !== value && typeof content === "string") return content;
  if (textsOf(content).some(looksSecret)) return "a value that may be a secret";
  if (typeof content === "string") return cut(content, (text) => JSON.stringify(text));
  if (typeof content === "number") return String(content);
  return cut(JSON.stringify(content), String);
}

/** Text of a key in a validation error, like {@link printed}. */
export function printedKey(key: string): string {
  if (looksSecret(key)) return "a key that may be a secret";
  return /^[\w.-]{1,100}$/.test(key) ? key : printed(key);
}

/** Whether a text begins like a JSON object or list. */
export function isJsonLike(value: unknown): value is string {
  return typeof value === "string" && /^\s*[[{]/.test(value);
}

/** Kind of a value, without its content. */
export function kindOf(value: unknown): string {
  if (typeof value === "string") return "a text that is not printed";
  if (typeof value === "number") return "a number that is not printed";
  if (Array.isArray(value)) return "a list";
  const content = plain(value);
  return typeof content === "object" && content !== null ? "an object" : printed(value);
}

function cut(text: string, format: (text: string) => string): string {
  if (text.length <= printedLength) return format(text);
  return `${format(text.slice(0, printedLength))}... (${String(text.length)} characters)`;
}

/** Keys and texts of plain data, at any depth. */
function textsOf(content: unknown): string[] {
  if (typeof content === "string") return [content];
  if (typeof content !== "object" || content === null) return [];
  return Object.entries(content).flatMap(([key, entry]) => [key, ...textsOf(entry)]);
}

/** Plain data: a short text instead of each output, resource and function. */
function plain(value: unknown, depth = 0): unknown {
  if (pulumi.Output.isInstance(value)) return "an output of another resource";
  if (pulumi.Resource.isInstance(value)) return "a resource";
  if (typeof value === "function") return "a function";
  if (typeof value === "bigint" || typeof value === "symbol") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth > maximumDepth) return "...";
  if (Array.isArray(value)) return value.map((entry) => plain(entry, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, plain(entry, depth + 1)]),
  );
}
