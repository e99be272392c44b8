import { z } from "zod";

/** What a person or a workflow wrote, by its number or id. */
export interface Entry {
  readonly id: number;
  readonly body: string;
}

/** The few things that workflows do with a repository's pull requests and issues. */
export interface GitHub {
  /** Comments on a pull request or an issue that a workflow made. */
  readonly comments: (issue: number) => Promise<Entry[]>;
  readonly createComment: (issue: number, body: string) => Promise<void>;
  readonly updateComment: (id: number, body: string) => Promise<void>;
  /** Open issues that a workflow made. */
  readonly issues: () => Promise<Entry[]>;
  readonly createIssue: (issue: { title: string; body: string }) => Promise<number>;
  readonly updateIssue: (
    number: number,
    change: { body?: string; state?: "closed" },
  ) => Promise<void>;
}

const environment = z.object({
  GITHUB_API_URL: z.url().default("https://api.github.com"),
  GITHUB_REPOSITORY: z.string().regex(/^[^/]+\/[^/]+$/),
  GITHUB_TOKEN: z.string().min(1),
});

// Whoever may comment can copy a mark, so only what the workflows' own token wrote is theirs.
const WORKFLOWS = "github-actions[bot]";

const user = z.object({ login: z.string() }).nullable();
const commentShape = z.object({ id: z.number(), body: z.string().nullish(), user });
const issueShape = z.object({
  number: z.number(),
  body: z.string().nullish(),
  user,
  pull_request: z.unknown().optional(),
});

const PAGE = 100;

/**
 * GitHub's API as the environment of a workflow describes it.
 * @throws an error that names the variable, if one is missing
 */
export function gitHubFrom(variables: NodeJS.ProcessEnv): GitHub {
  const { data, error } = environment.safeParse(variables);
  if (data === undefined) {
    throw new Error(
      `a workflow's environment is needed, e.g. GITHUB_REPOSITORY=acme/churn:\n${z.prettifyError(error)}`,
    );
  }
  const call = caller(data);
  const all = async <T extends z.ZodType>(shape: T, path: string): Promise<z.output<T>[]> => {
    const found: z.output<T>[] = [];
    for (let page = 1; ; page += 1) {
      const query = `per_page=${String(PAGE)}&page=${String(page)}`;
      const answer = await call("GET", `${path}${path.includes("?") ? "&" : "?"}${query}`);
      const entries = z.array(shape).parse(answer);
      found.push(...entries);
      if (entries.length < PAGE) return found;
    }
  };
  return {
    comments: async (issue) =>
      (await all(commentShape, `/issues/${String(issue)}/comments`))
        .filter(({ user: author }) => author?.login === WORKFLOWS)
        .map(({ body, id }) => ({ id, body: body ?? "" })),
    createComment: async (issue, body) => {
      await call("POST", `/issues/${String(issue)}/comments`, { body });
    },
    updateComment: async (id, body) => {
      await call("PATCH", `/issues/comments/${String(id)}`, { body });
    },
    issues: async () =>
      (await all(issueShape, "/issues?state=open"))
        .filter((issue) => issue.user?.login === WORKFLOWS && issue.pull_request === undefined)
        .map(({ body, number }) => ({ id: number, body: body ?? "" })),
    createIssue: async (issue) =>
      z.object({ number: z.number() }).parse(await call("POST", "/issues", issue)).number,
    updateIssue: async (number, change) => {
      await call("PATCH", `/issues/${String(number)}`, change);
    },
  };
}

/** A call of the API, below the repository; what is no success is an error with GitHub's own words. */
function caller({ GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_TOKEN }: z.output<typeof environment>) {
  return async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}${path}`, {
      method,
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${GITHUB_TOKEN}`,
        "x-github-api-version": "2022-11-28",
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) {
      const said = (await response.text()).slice(0, 500);
      throw new Error(`GitHub answered ${String(response.status)} to ${method} ${path}: ${said}`);
    }
    return response.json();
  };
}
