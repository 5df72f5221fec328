"""What every HTTP request has, whoever answers it: a session, a permission, a commit, errors.

Below the pages (``pim.web``) and the API (``pim.api``), which differ in how they recognise who asks
and in what an error looks like: each registers a :class:`~pim.http.doors.Door`.
"""
