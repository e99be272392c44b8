"""SageMaker pipeline of this repository: definition, upload, start and progress."""
