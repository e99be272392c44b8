import { unknownValue } from "../resource";
import type { ResourceRule } from "../rule";

/**
 * CloudWatch log group: retention in days.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html#cloudwatch-16
 */
export const logGroupRetention: ResourceRule = {
  name: "log-group-retention",
  description: "A CloudWatch log group has a retention period.",
  controls: {
    none: "CloudWatch.16 requires 365 days, and accepts a log group that never expires.",
  },
  types: ["aws:cloudwatch/logGroup:LogGroup"],
  inputs: ["retentionInDays"],
  problems: ({ props }) => {
    const { logGroupClass, retentionInDays: days } = props;
    // AWS sets the retention of the class DELIVERY to two days.
    const isSetOrUnknown =
      ["DELIVERY", unknownValue].some((value) => value === logGroupClass) || days === unknownValue;
    return isSetOrUnknown || (typeof days === "number" && days > 0)
      ? []
      : ["The log group keeps and charges for logs permanently. Set retentionInDays, e.g. 365."];
  },
};
