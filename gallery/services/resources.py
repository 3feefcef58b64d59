"""What a step of the background work is done with. It knows no room of the services."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.sealing import Sealer
from gallery.storage import PhotoStore


@dataclass(frozen=True)
class Resources:
    """A database session, the settings, both stores, the key, and the clock."""

    session: Session
    settings: Settings
    private: PhotoStore
    public: PhotoStore
    sealer: Sealer
    now: Callable[[], datetime]
