"""From a stored file to batches of text columns. Everything here is hostile until read."""
