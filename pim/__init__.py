"""Etalage: one leading record of every product, and every channel's window dressed from it."""

__version__ = "0.1.0"
