"""The structure of a shop: attributes, families, variants, categories, channels, locales and
currencies.
"""
