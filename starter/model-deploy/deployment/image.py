"""Container image of a model version, by digest."""

from __future__ import annotations

import re

from deployment.api import Aws, DeploymentError, say, unless_missing

_DIGEST = r"sha256:[0-9a-f]{64}"
_ECR = re.compile(r"(?P<account>\d{12})\.dkr[.-]ecr[^/]*/(?P<name>.+)")


def repository_of(image: str) -> str:
    """Image without tag and digest."""
    return re.sub(r"(:[^:/@]+)?(@.+)?$", "", image)


def image_by_digest(aws: Aws, image: str, digest: str | None) -> str:
    """`repository@sha256:...`: of the model package, or else what the tag names in ECR now."""
    repository = repository_of(image)
    written = image.partition("@")[2]
    digest = digest or written or _resolve(aws, repository, image)
    if re.fullmatch(_DIGEST, digest) is None:
        raise DeploymentError(
            f"the image {image} must have a digest (e.g. sha256:...), got {digest}. "
            "Next: register the version with an image in ECR"
        )
    say(f"Image {image}: {digest}")
    return f"{repository}@{digest}"


def _resolve(aws: Aws, repository: str, image: str) -> str:
    match = _ECR.fullmatch(repository)
    tag = image.removeprefix(repository).removeprefix(":") or "latest"
    answer = match and unless_missing(
        aws.ecr.batch_get_image,
        registryId=match["account"],
        repositoryName=match["name"],
        imageIds=[{"imageTag": tag}],
    )
    images = (answer or {}).get("images", [])
    if not images:
        raise DeploymentError(
            f"the tag {tag} of {repository} must name an image in ECR "
            "(e.g. 123456789012.dkr.ecr.us-east-1.amazonaws.com/churn:1), got none. "
            "Next: register the version with an image that exists in ECR"
        )
    return images[0]["imageId"]["imageDigest"]
