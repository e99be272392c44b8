"""Every Python of a build loads this at its start: what the local cloud changes, by environment variable."""

import os
import sys

# Programs that install packages, by the names of their scripts and modules.
INSTALLERS = {"__pip-runner__", "hatch", "pdm", "pip", "pip3", "pipenv", "poetry"}


def is_installer():
    """Whether this is `pip ...`, `python -m pip ...`, or what they start."""
    program = next((part for part in sys.orig_argv[1:] if not part.startswith("-")), "")
    return os.path.basename(program).removesuffix(".py") in INSTALLERS


hosts = os.environ.get("LOCAL_CLOUD_INDEX_HOSTS")
if hosts == "" or (hosts is not None and not is_installer()):
    import local_cloud_offline  # noqa: F401
if "LOCAL_CLOUD_MINUTE_MS" in os.environ:
    import local_cloud_time  # noqa: F401
