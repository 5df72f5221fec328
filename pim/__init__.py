"""Etalage: one leading record of every product, and from it the right feed for every channel."""

__version__ = "0.1.0"
