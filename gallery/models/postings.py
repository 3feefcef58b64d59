"""Where albums of a unit's items went, and what has been taken down there."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gallery.database import Base, word
from gallery.models.items import Item
from gallery.models.units import Officer, Unit


class Network(enum.StrEnum):
    """What an album is made for."""

    FACEBOOK = "facebook"
    X = "x"
    FLICKR = "flickr"
    DAILYMOTION = "dailymotion"
    PRESS = "press"


class Posting(Base):
    """One album that was exported. address: where it was put, typed in afterwards; empty: not yet known."""

    __tablename__ = "postings"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    # None: the command line.
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    network: Mapped[Network] = mapped_column(word(Network))
    title: Mapped[str] = mapped_column(String(160))
    address: Mapped[str] = mapped_column(String(500), default="")
    made_at: Mapped[datetime]

    unit: Mapped[Unit] = relationship()
    officer: Mapped[Officer | None] = relationship()
    items: Mapped[list["PostedItem"]] = relationship(
        back_populates="posting", cascade="all, delete-orphan", order_by="PostedItem.id"
    )
    pages: Mapped[list["AlbumPage"]] = relationship(back_populates="posting", cascade="all, delete-orphan")

    __table_args__ = (Index("ix_postings_unit", "unit_id", "made_at"),)


class PostedItem(Base):
    """One item of a posting. taken_down_at: when an officer ticked that it is gone from the network."""

    __tablename__ = "posted_items"

    id: Mapped[int] = mapped_column(primary_key=True)
    posting_id: Mapped[int] = mapped_column(ForeignKey("postings.id", ondelete="CASCADE"))
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), index=True)
    taken_down_at: Mapped[datetime | None]

    posting: Mapped[Posting] = relationship(back_populates="items")
    item: Mapped[Item] = relationship()

    __table_args__ = (UniqueConstraint("posting_id", "item_id"),)


class AlbumPage(Base):
    """The code of a public page that shows a posting's items, as a text of the album says it.

    One posting may have several, and one code several postings: an album exported for two networks has one text, and
    an album exported twice within the hour is one posting with two texts.
    """

    __tablename__ = "album_pages"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(16))
    posting_id: Mapped[int] = mapped_column(ForeignKey("postings.id", ondelete="CASCADE"), index=True)

    posting: Mapped[Posting] = relationship(back_populates="pages")

    __table_args__ = (UniqueConstraint("code", "posting_id"),)
