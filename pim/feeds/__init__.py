"""Feeds: what a channel gets to see, built, checked, guarded and delivered."""
