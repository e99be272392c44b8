"""moto 5.2.5 lacks, of AWS CodeCommit:

- CreateRepository: tags, kmsKeyId
- CreateRepository: dates as numbers; AWS's JavaScript SDK rejects moto's text
- GetRepository: dates as numbers
- CreateBranch
- CreateCommit
- CreatePullRequest
- DeleteBranch
- GetBlob
- GetBranch
- GetCommentsForPullRequest
- GetCommit
- GetDifferences
- GetFile
- GetFolder
- GetPullRequest
- ListBranches
- ListRepositories
- ListTagsForResource
- PostCommentForPullRequest
- TagResource
- UntagResource
- UpdateComment
- UpdateDefaultBranch
- UpdateRepositoryDescription
- UpdateRepositoryEncryptionKey

Not implemented: merged and closed pull requests; paths and pages of GetDifferences; setFileModes, keepEmptyFolders and sourceFile of
CreateCommit; pages of lists.
"""

from . import branches, commits, files, pull_requests, repositories, simulation


def close() -> None:
    for module in (branches, commits, files, pull_requests, repositories, simulation):
        module.close()
