"""Importing the history (D15) and courses to come: reading, checking every row, taking everything in, undoing it.

Everything here is a part of the verbs of `core.services.imports`, the only door.
"""
