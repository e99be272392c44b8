"""Acceptance test: invokes a staging endpoint with the sample set and compares the answers."""
