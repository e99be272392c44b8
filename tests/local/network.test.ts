import { strict as assert } from "node:assert";

import { requiredActions } from "../../local/iam/requiredActions";
import type { RequiredAction } from "../../local/iam/contract";
import { type Connection, connected } from "../../local/services/network/connected";
import { policySet } from "../support/policySet";
import { contextAt } from "../support/contextAt";
import { type StubAnswer, stubCloud } from "../support/stubCloud";

const ec2 = "arn:aws:ec2:us-east-1:123456789012";
const credentials = { accessKeyId: "ASIAROLE", secretAccessKey: "s", sessionToken: "t" };
const place = { securityGroupIds: ["sg-1"], subnetIds: ["subnet-1", "subnet-2"] };

describe("a build or job in a VPC", () => {
  it("creates a network interface with its role, and deletes it at the end", async () => {
    const { asked, result } = await simulate("codebuild.amazonaws.com", () =>
      Promise.resolve("done"),
    );
    assert.equal(await result, "done");
    assert.deepEqual(asked, [
      'DescribeSubnets {"SubnetId.1":"subnet-1","SubnetId.2":"subnet-2"}',
      'DescribeVpcs {"VpcId.1":"vpc-1"}',
      "DescribeDhcpOptions {}",
      'DescribeSecurityGroups {"GroupId.1":"sg-1"}',
      'CreateNetworkInterface {"SubnetId":"subnet-1","SecurityGroupId.1":"sg-1"}',
      `ec2:CreateNetworkInterfacePermission ${ec2}:network-interface/eni-1 {"ec2:AuthorizedService":"codebuild.amazonaws.com","ec2:Subnet":"${ec2}:subnet/subnet-1"}`,
      'DescribeNetworkInterfaces {"NetworkInterfaceId.1":"eni-1"}',
      "work",
      'DeleteNetworkInterface {"NetworkInterfaceId":"eni-1"}',
    ]);
  });

  it("a SageMaker job deletes the interface permission after success and failure", async () => {
    const failing = () => Promise.reject(new Error("exit status 1"));
    const { asked, result } = await simulate("sagemaker.amazonaws.com", failing);
    await assert.rejects(result, /exit status 1/);
    assert.deepEqual(asked.slice(-3), [
      "work",
      `ec2:DeleteNetworkInterfacePermission ${ec2}:network-interface/eni-1 {"ec2:Subnet":"${ec2}:subnet/subnet-1"}`,
      'DeleteNetworkInterface {"NetworkInterfaceId":"eni-1"}',
    ]);
  });

  it("fails with the error of EC2 if the interface is denied", async () => {
    const gone =
      "<Errors><Error><Code>InvalidSubnetID.NotFound</Code><Message>gone</Message></Error></Errors>";
    const { asked, result } = await simulate(
      "codebuild.amazonaws.com",
      () => Promise.resolve("done"),
      () => [400, gone],
    );
    await assert.rejects(result, /^Error: ec2:DescribeSubnets: InvalidSubnetID\.NotFound: gone$/);
    assert.equal(asked.length, 1);
  });

  it("makes no EC2 call without a VPC", async () => {
    const context = contextAt("http://127.0.0.1:9");
    assert.equal(await connected(undefined, { credentials, context }, () => Promise.resolve(7)), 7);
  });

  it("authorizes interface, subnet and every security group", async () => {
    const parameters = {
      SubnetId: "subnet-1",
      "SecurityGroupId.1": "sg-1",
      "SecurityGroupId.2": "sg-2",
    };
    const call = { service: "ec2", operation: "CreateNetworkInterface", parameters, headers: {} };
    assert.deepEqual(
      (await requiredActions(call, policySet)).map(
        ({ action, resource }) => `${action} ${resource}`,
      ),
      ["network-interface/*", "subnet/subnet-1", "security-group/sg-1", "security-group/sg-2"].map(
        (rest) => `ec2:CreateNetworkInterface ${ec2}:${rest}`,
      ),
    );
  });
});

const answers: Readonly<Record<string, string>> = {
  CreateNetworkInterface: "<networkInterfaceId>eni-1</networkInterfaceId>",
  DescribeSubnets: "<vpcId>vpc-1</vpcId><vpcId>vpc-1</vpcId>",
};

/** Calls of EC2 and of the proxy, in order, while `work` runs. */
async function simulate(
  service: Connection["service"],
  work: () => Promise<string>,
  answer: (operation: string) => StubAnswer = (operation) => [200, answers[operation] ?? "<ok/>"],
) {
  const asked: string[] = [];
  const cloud = await stubCloud(({ accessKeyId, body, operation }) => {
    assert.equal(accessKeyId, credentials.accessKeyId);
    const { Action: _, Version, ...parameters } = body;
    assert.equal(Version, "2016-11-15");
    asked.push(`${operation} ${JSON.stringify(parameters)}`);
    return answer(operation);
  });
  const require = (_: unknown, { action, context, resource }: RequiredAction) => {
    asked.push(`${action} ${resource} ${JSON.stringify(context)}`);
    return Promise.resolve();
  };
  const context = contextAt(cloud.endpoint, { require });
  const result = connected({ ...place, service }, { credentials, context }, () => {
    asked.push("work");
    return work();
  });
  await result.catch(() => undefined);
  cloud.close();
  return { asked, result };
}
