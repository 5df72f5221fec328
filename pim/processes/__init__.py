"""Processes beside this one: for what could harm it, and for what another processor can do.

A process answers one question after the other over its pipes. It may have limits of memory,
processor time and files; who asks sets how long it waits. What it dies of is told as its cause.
"""
