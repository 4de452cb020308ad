"""The desk's views, a room each: one read, one page."""
