"""Local runs: the pipeline definition with the real scripts, without AWS."""
