"""Work that runs behind the scenes: a row in our database, claimed under a lease. Knows the names
of jobs, never their functions.
"""
