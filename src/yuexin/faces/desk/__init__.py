"""The desk: where officers see what came in, how good it is, and mend it."""
