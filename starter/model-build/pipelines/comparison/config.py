"""Thresholds of the comparison, and the names in pipelines/training that it reads."""

from __future__ import annotations

# A probability from here on is a positive answer, as in scripts/evaluate.py.
POSITIVE_FROM = 0.5

# The verdict of a metric is "better" or "worse" if the interval excludes zero and the change is at
# least this large. Metrics are shares: 0.01 is 1 point.
SMALLEST_CHANGE = {"accuracy": 0.01, "auc": 0.005, "f1": 0.01}
# Confidence of all intervals together, and of each: one changed metric is enough for a verdict.
CONFIDENCE = 0.95
METRIC_CONFIDENCE = 1 - (1 - CONFIDENCE) / len(SMALLEST_CHANGE)
RESAMPLES = 2000
SEED = 20

# The report says which loss of accuracy the test set detects with this probability, and how many
# rows the detection of LOSS_TO_DETECT needs.
POWER = 0.8
LOSS_TO_DETECT = 0.02

EXAMPLES = 5
LATENCY_REQUESTS = 50
LATENCY_ROUNDS = 3

# Processing step that splits the data, and its outputs. The first column is the label.
SPLIT_STEP = "Preprocess"
TRAIN = ("train", "train.csv")
TEST = ("test", "test.csv")
