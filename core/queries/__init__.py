"""Reads, returning frozen rows."""
