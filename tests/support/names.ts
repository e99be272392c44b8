/** Every physical name: no ARN, no URL, no value of the AWS context, no name within a group. */
export function physicalNames(names: object): string[] {
  return stringsOf(names, (key, value) => {
    const facts = ["accountId", "dnsSuffix", "partition", "region", "schedule", "stage"];
    return !facts.includes(key) && !/^(arn|https):|\.amazonaws\./.test(value);
  });
}

/** Every ARN and ARN pattern, except the account's. */
export function arnsOf(names: object): string[] {
  return stringsOf(names, (key, value) => key !== "accountRootArn" && value.startsWith("arn:"));
}

function stringsOf(
  value: unknown,
  keep: (key: string, value: string) => boolean,
  key = "",
): string[] {
  if (typeof value === "string") return keep(key, value) ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) =>
    stringsOf(part, keep, Array.isArray(value) ? key : name),
  );
}
