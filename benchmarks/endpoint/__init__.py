"""Parts of the benchmark of the endpoint: the servers, the load, the comparison of answers."""
