"""rdflib-endpoint on N-Quads, as a program that can drop a query it hangs on.

    python rdflib_server.py PORT FILE

It evaluates on its event loop, so nothing but the end of the process stops a query.
Here the graph is loaded once, and the server is a fork of what holds it: SIGHUP kills
the fork and makes another.
"""

from __future__ import annotations

import gc
import os
import signal
import sys

import uvicorn
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint


def main() -> None:
    """Load, then serve until SIGTERM."""
    port, file = int(sys.argv[1]), sys.argv[2]
    graph = Dataset(default_union=True)
    graph.parse(file, format="nquads")
    # A collection in the fork would write to, and so copy, all pages of the graph.
    gc.collect()
    gc.freeze()
    application = SparqlEndpoint(graph=graph)
    child = 0

    def kill(signal_: int, _frame: object) -> None:
        if child:
            os.kill(child, signal.SIGKILL)
        if signal_ == signal.SIGTERM:
            os._exit(0)

    while True:
        for signal_ in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(signal_, kill)
        child = os.fork()
        if not child:
            for signal_ in (signal.SIGTERM, signal.SIGHUP):
                signal.signal(signal_, signal.SIG_DFL)
            uvicorn.run(application, host="127.0.0.1", port=port, log_level="error", access_log=False)
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
