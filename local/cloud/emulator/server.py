"""Serves the AWS API on one loopback port: moto, with the gaps that this project meets closed.

It refuses each request that AWS's API models forbid.
"""

import argparse
import os
import signal
import sys


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Emulated AWS API on 127.0.0.1, in the foreground until SIGTERM or SIGINT."
    )
    parser.add_argument("--port", type=int, required=True, help="loopback port to listen on")
    port: int = parser.parse_args().port

    # moto reads its settings when it is imported.
    os.environ["MOTO_PORT"] = str(port)
    from moto.moto_server.werkzeug_app import (
        DomainDispatcherApplication,
        MotoRequestHandler,
        create_backend_app,
    )
    from werkzeug.serving import make_server

    import gaps
    from validation import Validation

    gaps.close_all()
    # The address is fixed: the emulated account must not be reachable from elsewhere.
    server = make_server(
        "127.0.0.1",
        port,
        Validation(DomainDispatcherApplication(create_backend_app)),
        threaded=True,
        request_handler=MotoRequestHandler,
    )
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: sys.exit(0))
    server.serve_forever()


if __name__ == "__main__":
    main()
