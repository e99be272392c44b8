import { strict as assert } from "node:assert";
import { type IncomingMessage, createServer } from "node:http";
import { text } from "node:stream/consumers";

/** A request as AWS would read it. */
export interface Asked {
  action: string;
  /** Whose credentials signed it. */
  accessKeyId: string;
  input: unknown;
  /** The region that it was signed for. */
  region: string;
}

/** What the fake answers, by action; an `Error` is a 400 with its name. STS answers with its account. */
export interface Answers {
  accountId: string;
  [codecommitAction: string]: unknown;
}

/**
 * Runs `work` with an environment that leads every AWS client of this process to a server on loopback, and returns
 * what the server was asked. Nothing of the user's own AWS settings is seen.
 */
export async function withFakeAws(
  answers: Answers,
  work: () => Promise<void>,
  environment: Readonly<Record<string, string>> = signing,
): Promise<Asked[]> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const one = read(request, body);
      asked.push(one);
      const answer = answers[one.action];
      if (one.action === "GetCallerIdentity") response.end(identity(answers.accountId));
      else if (answer instanceof Error)
        response
          .writeHead(400)
          .end(JSON.stringify({ __type: answer.name, message: answer.message }));
      else response.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  const before = { ...process.env };
  forgetAws();
  Object.assign(process.env, unseen, environment, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${String(address.port)}`,
  });
  try {
    await work();
  } finally {
    forgetAws();
    Object.assign(process.env, before);
    server.closeAllConnections();
    server.close();
  }
  return asked;
}

const signing = { AWS_ACCESS_KEY_ID: "ours", AWS_SECRET_ACCESS_KEY: "secret" };

const unseen = {
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
};

function forgetAws(): void {
  for (const name of Object.keys(process.env))
    if (name.startsWith("AWS_")) Reflect.deleteProperty(process.env, name);
}

function read({ headers }: IncomingMessage, body: string): Asked {
  const scope = /Credential=(\w+)\/\d+\/([\w-]+)\//.exec(headers.authorization ?? "");
  const target = headers["x-amz-target"];
  return {
    accessKeyId: scope?.[1] ?? "",
    action:
      typeof target === "string"
        ? target.replace(/^.*\./, "")
        : (new URLSearchParams(body).get("Action") ?? ""),
    input: typeof target === "string" ? JSON.parse(body) : {},
    region: scope?.[2] ?? "",
  };
}

function identity(accountId: string): string {
  return `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Account>${accountId}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;
}
