"""Taxonomies: the category trees of channels and standards, uploaded as files, in versions."""
