"""Trials: the model of a pull request on SageMaker, with the data of training, before the merge."""
