"""Builds, starts and watches the SageMaker pipeline of this repository."""
