"""moto 5.2.5 lacks, of AWS KMS:

- EnableKeyRotation: RotationPeriodInDays
- GetKeyRotationStatus: RotationPeriodInDays
"""

import json

from moto.kms.exceptions import ValidationException
from moto.kms.responses import KmsResponse

moto_enable_key_rotation = KmsResponse.enable_key_rotation
moto_get_key_rotation_status = KmsResponse.get_key_rotation_status


def close() -> None:
    KmsResponse.enable_key_rotation = enable_key_rotation
    KmsResponse.get_key_rotation_status = get_key_rotation_status


def enable_key_rotation(self: KmsResponse) -> str:
    # AWS keeps a period of 90 to 2560 days, 365 if none is named; moto drops it.
    days = int(self._get_param("RotationPeriodInDays") or 365)
    if not 90 <= days <= 2560:
        raise ValidationException(
            f"RotationPeriodInDays must be between 90 and 2560 days, got {days}"
        )
    answer = moto_enable_key_rotation(self)
    key_of(self).rotation_period_in_days = days
    return answer


def get_key_rotation_status(self: KmsResponse) -> str:
    # AWS answers the period while rotation is on; moto leaves it out.
    answer = json.loads(moto_get_key_rotation_status(self))
    days = getattr(key_of(self), "rotation_period_in_days", None)
    if answer["KeyRotationEnabled"] and days is not None:
        answer["RotationPeriodInDays"] = days
    return json.dumps(answer)


def key_of(response: KmsResponse) -> object:
    backend = response.kms_backend
    return backend.keys[backend.get_key_id(response._get_param("KeyId"))]
