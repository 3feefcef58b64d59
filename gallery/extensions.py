"""Flask extensions, created here and bound in `create_app`; and who the limits on rates are counted for."""

from ipaddress import IPv6Network, ip_address

from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect

HOUSEHOLD_BITS = 64


def household(address: str) -> str:
    """An address as the limits count it: of IPv6 the network that one subscriber is given, with all its addresses.

    A text that is no address counts as it stands.

    >>> household("2001:db8:1:2:aaaa::1") == household("2001:db8:1:2:bbbb::2")
    True
    >>> household("::ffff:192.0.2.7"), household("192.0.2.7")
    ('192.0.2.7', '192.0.2.7')
    """
    try:
        read = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if read.version == 4:
        return str(read)
    return str(read.ipv4_mapped or IPv6Network((int(read), HOUSEHOLD_BITS), strict=False))


def visitor() -> str:
    """Who asks, for the limits on rates."""
    return household(get_remote_address())


babel = Babel()
bootstrap = Bootstrap5()
csrf = CSRFProtect()
# While Redis does not answer each process counts by itself: limits are looser then, and nobody is refused for it.
limiter = Limiter(visitor, in_memory_fallback_enabled=True)
