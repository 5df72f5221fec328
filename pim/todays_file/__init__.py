"""From the file that a channel gets today to the rules that make the same of the hub's products.

:mod:`reading` reads the file, :mod:`joining` finds the product of each of its items,
:mod:`targets` the field of the channel that a column is, :mod:`candidates` thinks of rules, and
:mod:`proposing` tries them on the joined products and says how many each of them reproduces.
"""
