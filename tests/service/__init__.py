"""Tests of what the product does; a package, so that a file here may be named as elsewhere."""
