"""Notices: what was told to whom, once, and by which channels it went out."""
