/** A moment as AWS writes it in events, to the second: `2026-11-23T10:00:00Z`. */
export function eventTime(moment: Date): string {
  return moment.toISOString().replace(/\.\d+/, "");
}
