"""Whether the driver accepts the boto3 that is installed here, and what it says if not."""

from __future__ import annotations

import os
import sys

import boto3
import build

os.environ.update(
    AWS_ACCESS_KEY_ID="testing",
    AWS_SECRET_ACCESS_KEY="testing",  # noqa: S106
    AWS_EC2_METADATA_DISABLED="true",
)
api = build.driver("api")
try:
    # Creates clients, and sends nothing.
    api.create_clients("us-east-1")
except api.DeploymentError as error:
    print(error)
    sys.exit(1)
print(f"boto3 {boto3.__version__}")
