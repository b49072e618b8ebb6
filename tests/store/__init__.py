"""Tests of the store; a package, so that a file here may be named as one of another room."""
