"""Comparison of the models of two git commits, on this machine and without AWS."""
