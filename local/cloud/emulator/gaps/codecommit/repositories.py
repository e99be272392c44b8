"""Repositories of AWS CodeCommit: tags, KMS key, description and list."""

import json

from moto.codecommit import models
from moto.codecommit.exceptions import RepositoryDoesNotExistException
from moto.codecommit.models import CodeCommit
from moto.codecommit.responses import CodeCommitResponse
from moto.core.utils import unix_time

moto_create_repository = CodeCommitResponse.create_repository


def close() -> None:
    # AWS answers dates as numbers; moto as text, which AWS's JavaScript SDK refuses.
    models.iso_8601_datetime_with_milliseconds = unix_time
    CodeCommitResponse.create_repository = create_repository
    CodeCommitResponse.list_repositories = list_repositories
    CodeCommitResponse.list_tags_for_resource = list_tags_for_resource
    CodeCommitResponse.tag_resource = tag_resource
    CodeCommitResponse.untag_resource = untag_resource
    CodeCommitResponse.update_repository_description = update_repository_description
    CodeCommitResponse.update_repository_encryption_key = update_repository_encryption_key


def create_repository(self: CodeCommitResponse) -> str:
    # AWS keeps tags and the KMS key; moto drops both.
    moto_create_repository(self)
    repository = named(self)
    repository.tags = dict(self._get_param("tags") or {})
    metadata = repository.repository_metadata
    if self._get_param("kmsKeyId"):
        metadata["kmsKeyId"] = self._get_param("kmsKeyId")
    return json.dumps({"repositoryMetadata": metadata})


def list_repositories(self: CodeCommitResponse) -> str:
    # AWS lists names and ids; moto has no ListRepositories.
    found = [r.repository_metadata for r in self.codecommit_backend.repositories.values()]
    pairs = [{k: one[k] for k in ("repositoryName", "repositoryId")} for one in found]
    return json.dumps({"repositories": sorted(pairs, key=lambda one: one["repositoryName"])})


def list_tags_for_resource(self: CodeCommitResponse) -> str:
    # AWS answers a map of tags; moto has no ListTagsForResource.
    return json.dumps({"tags": of_arn(self).tags})


def tag_resource(self: CodeCommitResponse) -> str:
    # AWS adds or overwrites; moto has no TagResource.
    of_arn(self).tags.update(self._get_param("tags"))
    return ""


def untag_resource(self: CodeCommitResponse) -> str:
    # AWS removes the named keys; moto has no UntagResource.
    tags = of_arn(self).tags
    for key in self._get_param("tagKeys"):
        tags.pop(key, None)
    return ""


def update_repository_description(self: CodeCommitResponse) -> str:
    # AWS replaces the description; moto has no UpdateRepositoryDescription.
    metadata = named(self).repository_metadata
    metadata["repositoryDescription"] = self._get_param("repositoryDescription")
    metadata["lastModifiedDate"] = unix_time()
    return ""


def update_repository_encryption_key(self: CodeCommitResponse) -> str:
    # AWS moves the repository to another key; moto has no UpdateRepositoryEncryptionKey.
    metadata = named(self).repository_metadata
    original = metadata.get("kmsKeyId")
    metadata["kmsKeyId"] = self._get_param("kmsKeyId")
    answer = {"repositoryId": metadata["repositoryId"], "kmsKeyId": metadata["kmsKeyId"]}
    return json.dumps(answer | ({"originalKmsKeyId": original} if original else {}))


def named(response: CodeCommitResponse) -> CodeCommit:
    name = response._get_param("repositoryName")
    response.codecommit_backend.get_repository(name)
    return response.codecommit_backend.repositories[name]


def of_arn(response: CodeCommitResponse) -> CodeCommit:
    arn = response._get_param("resourceArn")
    for repository in response.codecommit_backend.repositories.values():
        if repository.repository_metadata["Arn"] == arn:
            return repository
    raise RepositoryDoesNotExistException(arn)
