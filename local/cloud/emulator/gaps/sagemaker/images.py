"""Custom images of Amazon SageMaker, of which the emulator has none."""

from moto.core.responses import ActionResult
from moto.sagemaker.exceptions import ResourceNotFound
from moto.sagemaker.responses import SageMakerResponse


def close() -> None:
    SageMakerResponse.describe_image_version = describe_image_version


def describe_image_version(self: SageMakerResponse) -> ActionResult:
    # AWS answers ResourceNotFound, which code of its project templates expects; moto has no images.
    raise ResourceNotFound(f"No Image with the name {self._get_param('ImageName')} exists.")
