import { notYet } from "../resource";
import type { ResourceRule } from "../rule";

/** Logs are kept for as long as somebody decided. */
export const retainedLogs: ResourceRule = {
  name: "logs-have-a-retention",
  description: "A log group says for how many days it keeps its logs.",
  types: ["aws:cloudwatch/logGroup:LogGroup"],
  reads: ["retentionInDays"],
  problems: ({ props }) => {
    const { logGroupClass, retentionInDays: days } = props;
    // AWS sets the retention of this class: two days.
    const said = ["DELIVERY", notYet].some((it) => it === logGroupClass) || days === notYet;
    return said || (typeof days === "number" && days > 0)
      ? []
      : ["Logs are kept for ever, and paid for. Set retentionInDays, e.g. 365."];
  },
};
