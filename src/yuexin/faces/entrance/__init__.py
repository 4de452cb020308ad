"""Signing in and out, and as whom one then acts."""
