"""moto 5.2.5 lacks, of Amazon CloudWatch Logs:

- AssociateKmsKey
- DisassociateKmsKey
"""

from moto.core.responses import ActionResult, EmptyResult
from moto.logs.exceptions import ResourceNotFoundException
from moto.logs.responses import LogsResponse


def close() -> None:
    LogsResponse.associate_kms_key = associate_kms_key
    LogsResponse.disassociate_kms_key = disassociate_kms_key


def associate_kms_key(self: LogsResponse) -> ActionResult:
    # AWS encrypts what comes from now on with the key; moto has no AssociateKmsKey.
    return set_key(self, self._get_param("kmsKeyId"))


def disassociate_kms_key(self: LogsResponse) -> ActionResult:
    # AWS stops using the key; moto has no DisassociateKmsKey.
    return set_key(self, None)


def set_key(response: LogsResponse, key: str | None) -> ActionResult:
    group = response.logs_backend.groups.get(response._get_param("logGroupName"))
    if group is None:
        raise ResourceNotFoundException()
    group.kms_key_id = key
    return EmptyResult()
