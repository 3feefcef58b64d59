"""How long a remote store may take, and what its client is told of it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

RETRIES = 1
# A store's signature of a request is good for five minutes: a retry must not come later.
LAST_RETRY = timedelta(minutes=4)
BACKOFF = {"init_backoff": timedelta(milliseconds=100), "max_backoff": timedelta(milliseconds=500), "base": 2}


@dataclass(frozen=True)
class Patience:
    """Seconds: to connect, of silence in an answer, for a whole answer. Each request is repeated at most once."""

    connect: float = 2
    silence: float = 3
    whole: float = 60

    def limits(self) -> dict[str, Any]:
        """What the object-store library takes when a store is opened."""
        return {
            "client_options": {
                "connect_timeout": timedelta(seconds=self.connect),
                "read_timeout": timedelta(seconds=self.silence),
                "timeout": timedelta(seconds=self.whole),
                # Options given here replace AWS_ALLOW_HTTP; the operator's AWS_ENDPOINT_URL says which it is.
                "allow_http": True,
            },
            "retry_config": {"max_retries": RETRIES, "retry_timeout": LAST_RETRY, "backoff": BACKOFF},
        }
