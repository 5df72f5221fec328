"""Whose certificates are believed."""

import ssl

from pim.errors import Conflict, text


def trusting(certificate: str) -> ssl.SSLContext:
    """The public authorities; where a target has a certificate of its own, that one alone."""
    try:
        return ssl.create_default_context(cadata=certificate or None)
    except (ssl.SSLError, ValueError):
        raise Conflict(
            text("The certificate of this target cannot be read. It must be PEM.")
        ) from None
