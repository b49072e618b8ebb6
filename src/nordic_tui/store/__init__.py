"""Everything that is kept in SQLite: the cache of posts and the reading history. All SQL is here.

`Store` in `store.py` is the face; the other files are its parts.
"""
