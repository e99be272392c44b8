"""moto 5.2.5 lacks, of AWS IAM:

- GetRole, ListRoles, AttachRolePolicy: work while another request creates or deletes a role or policy
"""

from typing import Any

from moto.iam.models import IAMBackend

moto_init = IAMBackend.__init__


class SharedDict(dict[Any, Any]):
    """Gives a copy of its values: another thread may change it during the iteration."""

    def values(self) -> list[Any]:
        return list(super().values())


def close() -> None:
    IAMBackend.__init__ = init


def init(self: IAMBackend, *args: Any, **named: Any) -> None:
    moto_init(self, *args, **named)
    self.roles = SharedDict(self.roles)
    self.managed_policies = SharedDict(self.managed_policies)
