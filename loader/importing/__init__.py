"""Turn records of other registers into the statements of one named graph, as a stream."""
