"""Every Python of a build loads this at its start: what the local cloud changes, by environment variable."""

import os

if "LOCAL_CLOUD_OFFLINE" in os.environ:
    import local_cloud_offline  # noqa: F401
if "LOCAL_CLOUD_MINUTE_MS" in os.environ:
    import local_cloud_time  # noqa: F401
