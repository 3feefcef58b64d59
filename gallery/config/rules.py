"""What settings may not be: each rule names the setting and says why."""

from typing import TYPE_CHECKING

from gallery.config import secret_files
from gallery.config.values import ADDRESS, SIGNING_KEY, is_api_address, is_identity, is_rate
from gallery.errors import SettingInvalid

if TYPE_CHECKING:
    from gallery.config.settings import Settings

SECRET_LENGTH = 32
ACCESSIBILITY_LEVELS = ("", "none", "partial", "full")
POSITIVE = (
    "max_upload_bytes", "max_archive_bytes", "max_jpeg_pixels", "max_other_pixels", "max_photos_per_request",
    "max_search_photos", "max_searches_at_once", "photo_cache_seconds", "page_size", "session_hours", "draft_days",
    "invitation_hours", "export_hours", "worker_pause_seconds", "worker_lease_minutes", "orphan_hours",
)  # fmt: skip


def refuse_nonsense(settings: "Settings") -> None:
    """Raise SettingInvalid with the name of the first setting that can't be used."""
    for name in POSITIVE:
        if getattr(settings, name) <= 0:
            raise SettingInvalid(name, "must be more than 0")
    for name in secret_files.MAKERS:
        if 0 < len(getattr(settings, name)) < SECRET_LENGTH:
            raise SettingInvalid(name, f"at least {SECRET_LENGTH} characters")
    for name, is_wrong, why in (
        ("catalogue", settings.catalogue not in ("memory", "pgvector"), "is memory or pgvector"),
        ("catalogue", settings.needs_postgresql, "pgvector needs database_url to be of PostgreSQL"),
        ("port", not 0 < settings.port < 65536, "must be between 1 and 65535"),
        ("photo_cache_seconds", settings.photo_cache_seconds > 3600, "an hour at most: withdrawn means gone"),
        ("export_hours", settings.export_hours > 168, "a week at most: what an album shows may be withdrawn"),
        ("accessibility_level", settings.accessibility_level not in ACCESSIBILITY_LEVELS, "none, partial or full"),
        ("trusted_proxies", settings.trusted_proxies < 0, "must be 0 or more"),
        ("public_address", not ADDRESS.fullmatch(settings.public_address), "must begin with http:// or https://"),
        (
            "graph_address",
            not is_api_address(settings.graph_address, secure=settings.production),
            "must begin with https://",
        ),
        ("search_rate", not is_rate(settings.search_rate), 'is no rate such as "10 per minute; 100 per hour"'),
        ("sign_in_rate", not is_rate(settings.sign_in_rate), 'is no rate such as "10 per minute; 50 per hour"'),
        ("signing_key", not SIGNING_KEY.fullmatch(settings.signing_key), "must be 32 bytes in base64"),
        ("sealing_identity", not is_identity(settings.sealing_identity), "is no age identity (AGE-SECRET-KEY-1...)"),
    ):
        if is_wrong:
            raise SettingInvalid(name, why)
