"""Translating the texts of products: which ones lack a translation or have an outdated one, and
what equal texts were translated to before.

The languages of the interface itself are in :mod:`pim.translations`.
"""
