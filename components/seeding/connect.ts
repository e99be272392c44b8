import type { ClientOptions } from "./credentials";
import type { StarterFile } from "./starter";

/** AWS API calls of the first commit, in one region with one set of credentials. */
export interface Calls {
  /** Account of the credentials. */
  account: () => Promise<string | undefined>;
  branches: (repositoryName: string) => Promise<string[]>;
  /** Creates the first commit of an empty repository, and returns its ID. */
  commit: (repositoryName: string, commit: FirstCommit) => Promise<string>;
}

interface FirstCommit {
  branch: string;
  files: readonly StarterFile[];
  message: string;
}

/** AWS API calls with these options; a profile takes precedence over the environment. */
export async function connect(where: ClientOptions): Promise<Calls> {
  // Loaded on demand: a preview and most updates do not need the AWS SDK.
  const [{ CodeCommit }, { STS }] = await Promise.all([
    import("@aws-sdk/client-codecommit"),
    import("@aws-sdk/client-sts"),
  ]);
  const codecommit = new CodeCommit(where);

  return {
    account: async () => (await new STS(where).getCallerIdentity()).Account,
    branches: async (repositoryName) => {
      // The first page is enough: only the existence of a branch matters.
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
