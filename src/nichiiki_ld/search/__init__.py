"""Finding things by words: how words are made alike, what a thing can be found by, what a person asks for."""
