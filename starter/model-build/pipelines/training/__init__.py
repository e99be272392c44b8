"""The training pipeline: what it is made of, and what its jobs read."""
