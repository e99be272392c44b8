import type { StarterFile } from "./starter";

/** The calls to AWS that seeding makes, in one region with one set of credentials. */
export interface Calls {
  /** The account that the credentials belong to. */
  account: () => Promise<string | undefined>;
  branches: (repositoryName: string) => Promise<string[]>;
  /** Makes the first commit of an empty repository, and returns its id. */
  commit: (repositoryName: string, commit: FirstCommit) => Promise<string>;
}

interface FirstCommit {
  branch: string;
  files: readonly StarterFile[];
  message: string;
}

/** Calls with the credentials that AWS's tools would find here; a profile takes precedence over the environment. */
export async function connect(where: { profile?: string; region: string }): Promise<Calls> {
  // Loaded late: a preview, and an update of what is there already, need none of it.
  const [{ CodeCommit }, { STS }] = await Promise.all([
    import("@aws-sdk/client-codecommit"),
    import("@aws-sdk/client-sts"),
  ]);
  const codecommit = new CodeCommit(where);

  return {
    account: async () => (await new STS(where).getCallerIdentity()).Account,
    branches: async (repositoryName) => {
      // The first page: that there is any branch is what counts.
      const { branches = [] } = await codecommit.listBranches({ repositoryName });
      return branches;
    },
    commit: async (repositoryName, { branch, files, message }) => {
      const { commitId = "" } = await codecommit.createCommit({
        repositoryName,
        branchName: branch,
        commitMessage: message,
        authorName: "model-build-pipeline",
        putFiles: files.map(({ content, isExecutable, path }) => ({
          filePath: path,
          fileContent: content,
          fileMode: isExecutable ? "EXECUTABLE" : "NORMAL",
        })),
      });
      return commitId;
    },
  };
}
