"""Thin doors to the library: the command line."""
