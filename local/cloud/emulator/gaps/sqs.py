"""moto 5.2.5 lacks, of Amazon SQS:

- SetQueueAttributes: keeps Policy if it is not among the attributes
- SetQueueAttributes: KmsMasterKeyId sets SqsManagedSseEnabled to false
- CreateQueue: KmsMasterKeyId sets SqsManagedSseEnabled to false
"""

from typing import Any

from moto.sqs.models import Queue, SQSBackend

moto_set_attributes = Queue._set_attributes
moto_set_queue_attributes = SQSBackend.set_queue_attributes


def close() -> None:
    Queue._set_attributes = set_attributes
    SQSBackend.set_queue_attributes = set_queue_attributes


def set_queue_attributes(self: SQSBackend, queue_name: str, attributes: dict[str, Any]) -> Queue:
    # AWS keeps a policy that is not named; moto drops it.
    kept = {"Policy": self.get_queue(queue_name).policy}
    return moto_set_queue_attributes(self, queue_name, kept | attributes)


def set_attributes(self: Queue, attributes: dict[str, Any], now: float | None = None) -> None:
    moto_set_attributes(self, attributes, now)
    # AWS ends SSE-SQS where a KMS key is set; moto says that the queue has both.
    if self.kms_master_key_id:
        self.sqs_managed_sse_enabled = "false"
