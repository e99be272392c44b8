"""moto 5.2.5 lacks, of Amazon ECR:

- BatchGetImage: registryId, the registry of another account

Not for upstream: the digest of such an image is the hash of its name, because there is no image.
"""

import hashlib

from moto.core.responses import ActionResult
from moto.ecr.responses import ECRResponse

moto_batch_get_image = ECRResponse.batch_get_image


def close() -> None:
    ECRResponse.batch_get_image = batch_get_image


def batch_get_image(self: ECRResponse) -> ActionResult:
    # AWS answers for the named registry; moto only for the caller's own. Here the digest is the
    # hash of the image's name, and every image exists.
    registry = self._get_param("registryId")
    if registry in (None, self.current_account):
        return moto_batch_get_image(self)
    repository = self._get_param("repositoryName")
    images = [
        {
            "registryId": registry,
            "repositoryName": repository,
            "imageId": {**image, "imageDigest": image.get("imageDigest") or digest},
            "imageManifest": "{}",
            "imageManifestMediaType": "application/vnd.docker.distribution.manifest.v2+json",
        }
        for image in self._get_param("imageIds")
        for digest in [digest_of(registry, self.region, repository, image.get("imageTag", ""))]
    ]
    return ActionResult({"images": images, "failures": []})


def digest_of(*name: str) -> str:
    return "sha256:" + hashlib.sha256("/".join(name).encode()).hexdigest()
