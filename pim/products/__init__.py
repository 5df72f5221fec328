"""The leading record of every product, and the one path by which it changes."""
