import type { Names } from "../names/names";
import { allowStatement, type Statement } from "./statements";

/**
 * Statement of the build: read which model version production serves, and where its archive is.
 * Training compares each new model with it.
 */
export function readChampionStatement({ deploy: { prod } }: Names): Statement {
  return allowStatement(
    "ChampionRead",
    [prod.endpointArn, prod.endpointConfigArns, prod.modelArns],
    ["sagemaker:DescribeEndpoint", "sagemaker:DescribeModel", "sagemaker:ListTags"],
  );
}
