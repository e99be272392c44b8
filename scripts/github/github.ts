import { z } from "zod";

/** An issue by its number, or a comment by its id. */
export interface Entry {
  readonly id: number;
  readonly body: string;
}

/** GitHub API calls of the workflows, for one repository. */
export interface GitHub {
  /** Comments of workflows on a pull request or an issue. */
  readonly comments: (issue: number) => Promise<Entry[]>;
  readonly createComment: (issue: number, body: string) => Promise<void>;
  readonly updateComment: (id: number, body: string) => Promise<void>;
  /** Open issues of workflows. */
  readonly issues: () => Promise<Entry[]>;
  readonly createIssue: (issue: { title: string; body: string }) => Promise<number>;
  readonly updateIssue: (
    number: number,
    change: { body?: string; state?: "closed" },
  ) => Promise<void>;
}

const apiUrl = "GITHUB_API_URL must be a URL, for example https://api.github.com";
const repository = "GITHUB_REPOSITORY must be OWNER/NAME, for example acme/churn";
const token = "GITHUB_TOKEN must be set, in a workflow to ${{ github.token }}";
const environment = z.object({
  GITHUB_API_URL: z.url(apiUrl).default("https://api.github.com"),
  GITHUB_REPOSITORY: z.string(repository).regex(/^[^/]+\/[^/]+$/, repository),
  GITHUB_TOKEN: z.string(token).min(1, token),
});

// Every user who can comment can copy a mark, so only entries of the workflows' own author count.
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
 * GitHub API client from the environment variables of a workflow.
 * @throws an error that names each missing or invalid variable
 */
export function gitHubFrom(variables: NodeJS.ProcessEnv): GitHub {
  const { data, error } = environment.safeParse(variables);
  if (data === undefined) {
    throw new Error(error.issues.map(({ message }) => message).join("\n"));
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

/** Calls the API below the repository. @throws an error with GitHub's response if a call fails */
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
      const text = (await response.text()).slice(0, 500);
      throw new Error(`GitHub answered ${String(response.status)} to ${method} ${path}: ${text}`);
    }
    return response.json();
  };
}
