"""The index: words people search for and terms lists filter by. Knows ids, words and terms, nothing
of products.
"""
