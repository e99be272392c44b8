"""Deploys approved model versions to SageMaker endpoints. Keeps no state: it reads from AWS."""

from __future__ import annotations

# First release with `ModelLifeCycle` of UpdateModelPackage, and all else that is in members.py.
MINIMUM_BOTO3 = "1.35.52"
