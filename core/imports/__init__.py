"""Importing the history (D15) and courses to come: reading what is uploaded, checking every row, taking it in, undoing it.

Everything here is a part of the verbs of `core.services.imports`, the only door.
"""
