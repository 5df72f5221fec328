"""What people read of a server that refuses something, the same for every kind of server."""

from pim.deliveries.egress import reason_of
from pim.deliveries.shipment import Way
from pim.errors import Conflict, Unavailable, text


def not_signed_in(way: Way, said: str) -> Conflict:
    return Conflict(
        text(
            "“%(host)s” does not let us in (%(said)s). Check the user name, and type the password"
            " or key again.",
            host=way.target.host or way.target.called,
            said=way.told(said),
        )
    )


def no_folder(way: Way, said: str) -> Conflict:
    return Conflict(
        text(
            "“%(host)s” has no folder “%(folder)s” for us (%(said)s).",
            host=way.target.host,
            folder=way.target.folder,
            said=way.told(said),
        )
    )


def refused_for_now(way: Way, said: str) -> Unavailable:
    """It may take the file later: it is full, or busy."""
    return Unavailable(
        text(
            "“%(host)s” does not take the file at the moment (%(said)s).",
            host=way.target.host or way.target.called,
            said=way.told(said),
        )
    )


def refused(way: Way, said: str) -> Conflict:
    return Conflict(
        text(
            "“%(host)s” does not take the file (%(said)s). Ask your partner what is wrong.",
            host=way.target.host or way.target.called,
            said=way.told(said),
        )
    )


def broken_off(way: Way, error: Exception) -> Unavailable:
    return Unavailable(
        text(
            "The connection to “%(host)s” broke off (%(reason)s).",
            host=way.target.host or way.target.called,
            reason=reason_of(error),
        )
    )


def not_trusted(way: Way, reason: str) -> Conflict:
    return Conflict(
        text(
            "The certificate of “%(host)s” is not trusted (%(reason)s). Where your partner signed"
            " it themselves, put their certificate into the target.",
            host=way.target.host or way.target.called,
            reason=way.told(reason),
        )
    )
