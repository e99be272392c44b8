"""CodePipeline: dates as AWS writes them."""

from moto.codepipeline import models
from moto.core.utils import unix_time


def close() -> None:
    # AWS answers dates as numbers; moto as text, which AWS's JavaScript SDK refuses.
    models.iso_8601_datetime_with_milliseconds = unix_time
