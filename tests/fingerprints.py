"""What a browser would say of a picture, made by the service itself."""

from gallery.matching import Signature


def fingerprint_of(signature: Signature) -> bytes:
    """The bytes that a browser sends of the picture of this signature."""
    assert signature.vector is not None
    assert signature.details is not None
    hashes = signature.details.placements.astype("<u8").tobytes()
    return signature.vector.tobytes() + hashes + bytes([signature.contrast])
