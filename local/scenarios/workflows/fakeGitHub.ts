import { type IncomingMessage, createServer } from "node:http";

import { z } from "zod";

/** A comment or an issue, as the stand-in keeps it. */
interface Written {
  readonly author: string;
  readonly number: number;
  /** The issue or pull request that it is a comment on. */
  readonly on?: number | undefined;
  readonly title?: string | undefined;
  body: string;
  state: string;
}

/** A stand-in for the part of GitHub's API that the workflows call, on loopback. */
export interface FakeGitHub {
  readonly url: string;
  readonly written: Written[];
  /** Every call that changed something, as `POST /issues`. */
  readonly changes: string[];
  readonly stop: () => Promise<void>;
}

const given = z.object({
  body: z.string().optional(),
  state: z.string().optional(),
  title: z.string().optional(),
});

/** Starts a stand-in that takes one token, for one repository. */
export async function startFakeGitHub(repository: string, token: string): Promise<FakeGitHub> {
  const written: Written[] = [];
  const changes: string[] = [];
  const server = createServer((request, response) => {
    void answer(request).then(([status, body]) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    });
  });

  async function answer(request: IncomingMessage): Promise<[number, unknown]> {
    const url = new URL(request.url ?? "", "http://127.0.0.1");
    const base = `/repos/${repository}`;
    if (request.headers.authorization !== `Bearer ${token}`)
      return [401, { message: "Bad credentials" }];
    if (!url.pathname.startsWith(base)) return [404, { message: "Not Found" }];
    const path = url.pathname.slice(base.length);
    if (request.method === "GET") return [200, page(path, url)];
    changes.push(`${request.method ?? ""} ${path}`);
    const input = given.parse(JSON.parse(await textOf(request)));
    if ((input.body ?? "").length > 65_536) return [422, { message: "body is too long" }];
    return request.method === "POST" ? [201, add(path, input)] : [200, change(path, input)];
  }

  function page(path: string, url: URL): unknown[] {
    const on = /^\/issues\/(\d+)\/comments$/.exec(path)?.[1];
    const found = written.filter((one) =>
      on === undefined ? one.on === undefined && one.state === "open" : one.on === Number(on),
    );
    const size = Number(url.searchParams.get("per_page"));
    const start = (Number(url.searchParams.get("page")) - 1) * size;
    return found.slice(start, start + size).map(shown);
  }

  function add(path: string, { body = "", title }: z.output<typeof given>): unknown {
    const on = /^\/issues\/(\d+)\/comments$/.exec(path)?.[1];
    const one: Written = {
      author: "github-actions[bot]",
      body,
      number: written.length + 1,
      on: on === undefined ? undefined : Number(on),
      state: "open",
      title,
    };
    written.push(one);
    return shown(one);
  }

  function change(path: string, { body, state }: z.output<typeof given>): unknown {
    const number = Number(path.split("/").at(-1));
    const one = written.find((it) => it.number === number);
    if (one === undefined) return {};
    one.body = body ?? one.body;
    one.state = state ?? one.state;
    return shown(one);
  }

  const port = await new Promise<number>((resolve, reject) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address !== null && typeof address === "object") resolve(address.port);
      else reject(new Error("the GitHub API server of this test has no port"));
    });
  });
  return {
    changes,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
    url: `http://127.0.0.1:${String(port)}`,
    written,
  };
}

function shown({ author, body, number, title }: Written): object {
  return { id: number, number, body, title, user: { login: author } };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of request) text += String(part);
  return text;
}
