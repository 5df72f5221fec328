"""The one way out: every connection that the hub begins is made here.

A target's host name is written by a person, and what it leads to is decided by whoever owns that
name. So all its addresses are looked at, and the connection goes to one that was looked at: a name
cannot lead elsewhere between the two.
"""

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from pim.errors import Conflict, Unavailable, text

IpAddress = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NAT64 = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True)
class Egress:
    """``allowed``: private networks that may be reached nevertheless. ``patience``: for how many
    seconds a silent server is waited for; ``longest``: how long a whole delivery may take.
    """

    allowed: tuple[Network, ...] = ()
    patience: float = 30.0
    longest: float = 3600.0

    def connect(self, host: str, port: int) -> socket.socket:
        """A connection to a checked address of this host. :class:`Conflict` where one of its
        addresses is not for us, :class:`Unavailable` where nobody answers.
        """
        addresses = _resolve(host, port)
        for address in addresses:
            self._demand_public(host, address)
        return self._first_to_answer(host, port, addresses)

    def _demand_public(self, host: str, address: IpAddress) -> None:
        real = _real(address)
        is_public = real.is_global and not real.is_multicast
        if not is_public and not any(real in network for network in self.allowed):
            sentence = text(
                "“%(host)s” is at %(address)s, in a private network. Who runs this hub can allow"
                " that with PIM_ALLOWED_NETWORKS.",
                host=host,
                address=str(address),
            )
            raise Conflict(sentence)

    def _first_to_answer(
        self, host: str, port: int, addresses: Sequence[IpAddress]
    ) -> socket.socket:
        reason: OSError | None = None
        for address in addresses:
            try:
                return socket.create_connection((str(address), port), self.patience)
            except OSError as error:
                reason = error
        raise no_answer(host, reason)


def no_answer(host: str, error: Exception | None) -> Unavailable:
    """What people read where a server cannot be reached, or falls silent."""
    return Unavailable(
        text(
            "“%(host)s” does not answer (%(reason)s). See whether the address is right and the"
            " server is up.",
            host=host,
            reason=reason_of(error),
        )
    )


def reason_of(error: Exception | None) -> str:
    """The kind of an error in few words: its text may quote what was sent."""
    return (isinstance(error, OSError) and error.strerror) or type(error).__name__


def _resolve(host: str, port: int) -> list[IpAddress]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise no_answer(host, error) from None
    return list(dict.fromkeys(ip_address(sockaddr[0]) for *_, sockaddr in found))


def _real(address: IpAddress) -> IpAddress:
    """The IPv4 address that an IPv6 address stands for, where it does."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
