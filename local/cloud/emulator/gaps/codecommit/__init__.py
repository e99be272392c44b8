"""moto 5.2.5 lacks, of AWS CodeCommit:

- CreateRepository: tags, kmsKeyId
- CreateRepository: dates as numbers; AWS's JavaScript SDK rejects moto's text
- GetRepository: dates as numbers
- CreateBranch
- CreateCommit
- DeleteBranch
- GetBlob
- GetBranch
- GetCommit
- GetDifferences
- GetFile
- GetFolder
- ListBranches
- ListRepositories
- ListTagsForResource
- TagResource
- UntagResource
- UpdateDefaultBranch
- UpdateRepositoryDescription
- UpdateRepositoryEncryptionKey

Not implemented: paths and pages of GetDifferences; setFileModes, keepEmptyFolders and sourceFile of
CreateCommit; pages of lists.
"""

from . import branches, commits, files, repositories, simulation


def close() -> None:
    for module in (branches, commits, files, repositories, simulation):
        module.close()
