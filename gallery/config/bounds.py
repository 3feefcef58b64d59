"""How small and how large each number among the settings may be."""

from collections.abc import Mapping

MEBIBYTE = 1024 * 1024
GIBIBYTE = 1024 * MEBIBYTE

# Least and most, both allowed. Every setting that is a number has its line (tests/unit/test_config.py).
BOUNDS: Mapping[str, tuple[float, float]] = {
    "port": (1, 65_535),
    "smtp_port": (1, 65_535),
    "max_upload_bytes": (64 * 1024, GIBIBYTE),
    "max_jpeg_pixels": (1_000_000, 500_000_000),
    "max_other_pixels": (1_000_000, 200_000_000),
    "max_decode_seconds": (1, 60),
    "max_photos_decoded_at_once": (1, 64),
    "max_photos_per_request": (1, 200),
    "max_lot_photos": (1, 10_000),
    "max_archive_bytes": (MEBIBYTE, 100 * GIBIBYTE),
    "max_search_photos": (1, 20),
    "max_searches_at_once": (1, 64),
    "browsers_at_one_address": (1, 10_000),
    "declaring_browsers_at_one_address": (1, 1000),
    "max_uploads_at_once": (1, 64),
    "max_upload_memory": (MEBIBYTE, 64 * GIBIBYTE),
    "max_declared_objects": (1, 40),
    "max_declared_photos": (1, 80),
    "flood_per_hour": (1, 100_000),
    "flood_per_contact": (1, 1000),
    "declaration_grace_days": (0, 365),
    "unreadable_drop_days": (7, 365),
    "max_claim_proofs": (1, 20),
    "claim_days": (1, 731),
    # The law gives six months (article 41-4 of the code de procédure pénale): no operator may give less than one.
    "claim_contest_days": (31, 1096),
    # An hour at most: withdrawn means gone.
    "photo_cache_seconds": (1, 3600),
    "kept_pages_bytes": (0, GIBIBYTE),
    "page_size": (1, 200),
    "session_hours": (1, 24),
    "session_idle_minutes": (5, 24 * 60),
    "invitation_hours": (1, 30 * 24),
    # A week at most: what an album shows may be withdrawn.
    "export_hours": (1, 168),
    "draft_days": (1, 365),
    "lot_days": (1, 365),
    "journal_days": (30, 3650),
    "trusted_proxies": (0, 10),
    "database_connections": (5, 500),
    "worker_pause_seconds": (0.01, 60),
    "worker_lease_minutes": (1, 24 * 60),
    "orphan_hours": (1, 365 * 24),
    "trash_days": (1, 365),
    "store_connect_seconds": (0.1, 30),
    "store_answer_seconds": (0.1, 60),
    "least_free_bytes": (0, 1024 * GIBIBYTE),
}


def refusal_of(name: str, value: float) -> str | None:
    """Why a number can't be this setting; None when it can.

    >>> refusal_of("page_size", 1_000_000), refusal_of("page_size", 24)
    ('must be between 1 and 200', None)
    """
    least, most = BOUNDS[name]
    # Written so that "not a number" is outside of any bounds.
    return None if least <= value <= most else f"must be between {least} and {most}"
