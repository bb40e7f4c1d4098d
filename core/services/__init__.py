"""Verbs that change things: (db, actor, ids and values) → value. They never commit."""
