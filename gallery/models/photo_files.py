"""What a row says of a photo's files, whichever table it is in."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import JSON, Dialect, String, false
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


@dataclass(frozen=True)
class RenditionSize:
    """One size of a photo: name as in the address ("320.webp"), pixels."""

    name: str
    width: int
    height: int


class _Sizes(TypeDecorator[tuple[RenditionSize, ...]]):
    """Sizes as JSON: one {"name": "320.webp", "width": 320, "height": 240} each."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Sequence[RenditionSize] | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """Turn sizes into what JSON can say."""
        return None if value is None else [asdict(size) for size in value]

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[RenditionSize, ...] | None:  # noqa: ARG002
        """Turn what JSON said into sizes."""
        return None if value is None else tuple(RenditionSize(**size) for size in value)


class SeenPhoto:
    """The columns of a table of photos that say how well searches will find each, as matching.Findability has them.

    None: not described since the program keeps this, or nothing to tell.
    """

    object_share: Mapped[float | None]
    point_size: Mapped[float | None]
    lit_share: Mapped[float | None]


class PhotoFiles:
    """The columns of a table of photos that say which files each has.

    width, height: upright pixels of the original, before the officer's quarter turns. is_damaged: parts of it are lost
    or wrong; never told to the public. hidden: what no rendition shows, as shares of the sides of the upright original;
    None without.
    """

    original_sha256: Mapped[str] = mapped_column(String(64), index=True)
    original_bytes: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(32))
    width: Mapped[int]
    height: Mapped[int]
    is_damaged: Mapped[bool] = mapped_column(default=False, server_default=false())
    rendition_digest: Mapped[str] = mapped_column(String(64), index=True)
    renditions: Mapped[tuple[RenditionSize, ...]] = mapped_column(_Sizes)
    hidden: Mapped[list[list[float]] | None] = mapped_column(JSON(none_as_null=True))
