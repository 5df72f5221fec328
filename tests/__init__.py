"""A package, since a library of ours installs one of the same name: the first on the path is taken,
and folders without this file come after all others.
"""
