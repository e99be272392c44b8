"""Serving module of the scikit-learn image, on AWS's sagemaker-containers.

The image's own module, sagemaker_sklearn_container.serving, is not on PyPI; this one does what it
does: handlers of the user, defaults for those that are missing.
https://github.com/aws/sagemaker-scikit-learn-container/blob/master/src/sagemaker_sklearn_container/serving.py
"""

import collections
import collections.abc
import importlib
import sys

# The image's Dockerfile patches sagemaker_containers so, for Python 3.10 and newer.
collections.Mapping = collections.abc.Mapping

import numpy  # noqa: E402
import setuptools  # noqa: E402, F401 - provides distutils in Python 3.12 and newer, as in the image
from sagemaker_containers.beta.framework import (  # noqa: E402
    content_types,
    encoders,
    env,
    server,
    transformer,
    worker,
)


def decoded(data, content_type):
    array = encoders.decode(data, content_type)
    return array.astype(numpy.float32) if content_type in content_types.UTF8_TYPES else array


def predicted(data, model):
    return model.predict(data)


def encoded(prediction, accept):
    return worker.Response(encoders.encode(prediction, accept), accept, mimetype=accept)


def transformer_of(handler):
    load = getattr(handler, "model_fn", transformer.default_model_fn)
    if hasattr(handler, "transform_fn"):
        return transformer.Transformer(model_fn=load, transform_fn=handler.transform_fn)
    return transformer.Transformer(
        model_fn=load,
        input_fn=getattr(handler, "input_fn", decoded),
        predict_fn=getattr(handler, "predict_fn", predicted),
        output_fn=getattr(handler, "output_fn", encoded),
    )


app = None


def main(environ, start_response):
    """WSGI application; the first request, of /ping, loads the model."""
    global app
    if app is None:
        settings = env.ServingEnv()
        handler = importlib.import_module(settings.module_name)
        loaded = transformer_of(handler)
        loaded.initialize()
        app = worker.Worker(transform_fn=loaded.transform, module_name=settings.module_name)
    return app(environ, start_response)


def serve():
    """Start command of the image: `serve`."""
    server.start(env.ServingEnv().framework_module)


def gunicorn():
    """Gunicorn on loopback only: a model must not be reachable from elsewhere."""
    from gunicorn.app.wsgiapp import run

    sys.argv = [argument.replace("0.0.0.0:", "127.0.0.1:") for argument in sys.argv]
    run()
