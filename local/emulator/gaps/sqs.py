"""SQS: setting some attributes of a queue leaves the others alone."""

from typing import Any

from moto.sqs.models import Queue, SQSBackend

moto_set_queue_attributes = SQSBackend.set_queue_attributes


def close() -> None:
    SQSBackend.set_queue_attributes = set_queue_attributes


def set_queue_attributes(self: SQSBackend, queue_name: str, attributes: dict[str, Any]) -> Queue:
    # AWS keeps a policy that is not named; moto drops it.
    kept = {"Policy": self.get_queue(queue_name).policy}
    return moto_set_queue_attributes(self, queue_name, kept | attributes)
