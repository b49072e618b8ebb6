"""Bytes from a source become a `Feed`, or an error that says why they are none.

`detect.decode` looks at the content and chooses a reader; `worker.DecodeWorker` runs it in a
process of its own, because bytes from strangers can make any parser hang, grow or crash.
`subscriptions` reads what other readers follow: OPML, newsboat's `urls` file.

Importing this package imports no parser.
"""

PARSER_VERSION = 2
"""Raised whenever the same bytes may give other posts than before: what was read by another
version is asked for and read anew, though nothing changed at the source."""
