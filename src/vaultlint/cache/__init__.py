"""Results of earlier runs: the cache file, reading notes in several processes, what results depend on."""
