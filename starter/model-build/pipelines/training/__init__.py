"""Training pipeline: steps, jobs and the inputs of the jobs."""
