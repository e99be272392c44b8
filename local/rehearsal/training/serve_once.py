"""Answers one request with a model's own handler, as the serving container of AWS's framework images does."""

import argparse
import importlib.util
import sys
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="folder of the unpacked model")
    parser.add_argument("--program", type=Path, required=True, help="the handler's file")
    parser.add_argument("--request", type=Path, required=True, help="body of the request")
    parser.add_argument("--response", type=Path, required=True, help="where its answer goes")
    parser.add_argument("--content-type", default="text/csv")
    parser.add_argument("--accept", default="text/csv")
    args = parser.parse_args()

    sys.path.insert(0, str(args.program.parent))
    spec = importlib.util.spec_from_file_location("handler", args.program)
    handler = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(handler)

    model = handler.model_fn(str(args.model))
    data = handler.input_fn(args.request.read_text(encoding="utf-8"), args.content_type)
    answer = handler.output_fn(handler.predict_fn(data, model), args.accept)
    # The container also takes the answer together with its content type.
    body = answer[0] if isinstance(answer, tuple) else answer
    args.response.write_bytes(body if isinstance(body, bytes) else str(body).encode())


if __name__ == "__main__":
    main()
