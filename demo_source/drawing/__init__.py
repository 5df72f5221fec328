"""Flat product pictures, drawn with Pillow alone: canvas, colours, and one module per kind of
thing.
"""
