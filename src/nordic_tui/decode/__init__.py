"""Bytes from a source become a `Feed`, or an error that says why they are none.

`detect.decode` looks at the content and chooses a reader; `worker.DecodeWorker` runs it in a
process of its own, because bytes from strangers can make any parser hang, grow or crash.

Importing this package imports no parser.
"""
