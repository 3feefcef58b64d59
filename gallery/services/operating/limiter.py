"""The server that rate limits of several processes are counted in: whether it answers."""

import redis

SECONDS = 1.0


def answers(address: str) -> bool:
    """Whether the Redis at this address answers within a second; while it does not each process counts by itself."""
    try:
        with redis.Redis.from_url(address, socket_connect_timeout=SECONDS, socket_timeout=SECONDS) as server:
            return bool(server.ping())
    except (redis.RedisError, OSError):
        return False
