"""Checks a column at a time, built from a resource's declaration."""
