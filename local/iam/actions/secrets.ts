import { z } from "zod";

import { arn, type Ground, itself, type Table, text, usesOfKey } from "./placing";
import type { Call } from "../call";

/** Secrets Manager and Parameter Store: the key as well, if it is the customer's. */
export const secrets: Table = {
  "secretsmanager:DescribeSecret": async (call, ground) => [
    itself(call, (await secretOf(call, ground)).arn),
  ],
  "secretsmanager:GetSecretValue": async (call, ground) => {
    const secret = await secretOf(call, ground);
    return [
      itself(call, secret.arn),
      ...usesOfKey(ground, "secretsmanager", secret.keyArn, ["Decrypt"]),
    ];
  },
  "ssm:GetParameter": (call, ground) => read(call, ground, [text(call, "Name")]),
  "ssm:GetParameters": (call, ground) => read(call, ground, names.parse(call.parameters.Names)),
};

const names = z.array(z.string()).min(1);

/** A secret that does not exist has the name of the call, without the suffix of every secret. */
async function secretOf(call: Call, ground: Ground) {
  const id = text(call, "SecretId");
  const missing = id.startsWith("arn:") ? id : arn(ground, "secretsmanager", `secret:${id}`);
  return (await ground.keys.ofSecret(id)) ?? { arn: missing, keyArn: undefined };
}

async function read(call: Call, ground: Ground, parameters: readonly string[]) {
  const uses = await Promise.all(
    parameters.map(async (name) => [
      itself(call, arn(ground, "ssm", `parameter/${name.replace(/^\//, "")}`)),
      ...usesOfKey(ground, "ssm", await keyOf(call, ground, name), ["Decrypt"]),
    ]),
  );
  return uses.flat();
}

function keyOf({ parameters }: Call, { keys }: Ground, name: string) {
  return parameters.WithDecryption === true ? keys.ofParameter(name) : undefined;
}
