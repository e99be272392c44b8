"""Thresholds of the gate and of the comparison, the names in pipelines/training they read, and the
texts of the model card."""

from __future__ import annotations

# Gate of a training: the model is registered if its ROC AUC reaches this minimum, ...
MINIMUM_ROC_AUC = 0.95
# ... and if no metric is worse than that of the champion, the version in production.
REJECT_WORSE = True
# Champion that this code cannot load or invoke: reject every model, or let the minimum decide.
REJECT_NOT_COMPARABLE = False

# A probability from here on is a positive answer.
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

# Texts of the model card, each at most 2,048 characters: what people must know who approve or use
# the model. AWS has these risk ratings: High, Medium, Low, Unknown.
PURPOSE = "Example of this template: tells malignant from benign breast tumors by 30 measurements."
INTENDED_USES = "To try the pipelines and their approvals. It is an example and no medical advice."
FACTORS = "One hospital, 569 patients, one imaging method: other data have another distribution."
RISK_RATING = "Unknown"
RISK_EXPLANATION = "The example decides nothing. Rate the risk of your use before an approval."
LIMITS = (
    "The intervals are the noise of the test rows, not of another training. "
    "Losses below the smallest detectable loss pass the gate."
)
