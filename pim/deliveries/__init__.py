"""Finished files brought to a partner's server: where to, with which credentials, in what way, and
what became of each. Knows nothing of feeds: who orders a delivery says which file it is.
"""
