"""Waits of this Python, and what it measures of them, are in simulated time.

The wall clock stays real, so that signatures and the windows of queries hold; so does time.perf_counter, which
measures latencies.
"""

import os

# The timeouts of the standard library stay real: these modules take the clock when they are loaded.
import queue  # noqa: F401
import selectors  # noqa: F401
import subprocess  # noqa: F401
import threading  # noqa: F401
import time

SPEED = 60_000 / float(os.environ["LOCAL_CLOUD_MINUTE_MS"])

sleep = time.sleep
monotonic = time.monotonic
began = monotonic()


def simulated_sleep(seconds):
    sleep(seconds / SPEED)


def simulated_monotonic():
    return began + (monotonic() - began) * SPEED


time.sleep = simulated_sleep
time.monotonic = simulated_monotonic
