"""People and programs that may use the hub: users, roles, permissions, one-time links, API
tokens.
"""
