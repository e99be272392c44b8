"""Query parameters and headers of a REST request that its operation does not have."""

from botocore.model import OperationModel
from moto.core.request import Request

# Parameters of the SDKs and of signed URLs.
ANY_QUERY = ("x-id", "x-amz-")
# Headers of any request, and of the checksums that the SDKs compute.
ANY_HEADER = (
    "x-amz-api-version",
    "x-amz-checksum-",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-decoded-content-length",
    "x-amz-security-token",
    "x-amz-trailer",
    "x-amz-user-agent",
)


def unknown_names(
    operation: OperationModel, request: Request, known: set[tuple[str | None, str]]
) -> list[str]:
    """Names that are not in `known`, which has the location and the lower-case name of members."""
    fixed = operation.http["requestUri"].partition("?")[2].split("&")
    literals = {text.partition("=")[0] for text in fixed}
    queries = [name for name in request.args if not name.lower().startswith(ANY_QUERY)]
    # A member that is a map takes all headers with its prefix.
    prefixes = tuple(name for location, name in known if location == "headers")
    headers = [name.lower() for name in request.headers.keys()]
    return [
        *(
            name
            for name in queries
            if name not in literals and ("querystring", name.lower()) not in known
        ),
        *(
            name
            for name in headers
            if name.startswith("x-amz-")
            and not name.startswith((*ANY_HEADER, *prefixes))
            and ("header", name) not in known
        ),
    ]
