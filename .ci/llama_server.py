"""llama.cpp's server of the Python package xllamacpp under the flags of llama-server, as far as they are used here."""
import argparse
import threading

import xllamacpp


def arguments():
    parser = argparse.ArgumentParser(prog="llama-server", description=__doc__)
    parser.add_argument("-m", dest="model", required=True, help="the weights")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("-c", dest="context", type=int, default=4096, help="tokens of all places together")
    parser.add_argument("-np", dest="places", type=int, default=4, help="requests at once")
    parser.add_argument("-t", dest="threads", type=int, default=1)
    parser.add_argument("-b", dest="batch", type=int, default=2048)
    parser.add_argument("-ub", dest="step", type=int, default=512, help="most tokens of a step")
    parser.add_argument("--alias", default="", help="name of the model")
    parser.add_argument("--metrics", action="store_true")
    parser.add_argument("--embeddings", action="store_true")
    parser.add_argument("--pooling", choices=["mean", "cls", "last"])
    parser.add_argument("--chat-template", dest="template")
    return parser.parse_args()


def params(given):
    made = xllamacpp.CommonParams()
    made.model.path, made.hostnames, made.port = given.model, [given.host], given.port
    made.n_ctx, made.n_parallel, made.n_batch, made.n_ubatch = given.context, given.places, given.batch, given.step
    made.cpuparams.n_threads = made.cpuparams_batch.n_threads = given.threads
    made.endpoint_metrics, made.endpoint_slots, made.embedding = given.metrics, True, given.embeddings
    if given.alias:
        made.model_alias = {given.alias}
    if given.pooling:
        made.pooling_type = getattr(xllamacpp.llama_pooling_type, "LLAMA_POOLING_TYPE_" + given.pooling.upper())
    if given.template:
        made.use_jinja, made.chat_template = True, given.template
    return made


server = xllamacpp.Server(params(arguments()))  # ends when it is forgotten
threading.Event().wait()
