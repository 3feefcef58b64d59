"""What a code opens: a key that only it unwraps, and the proof that whoever asks for something has it.

scrypt makes two things of a code and the service's pepper: the locator, by which the answer is found, and the key
under which the answer's own key is wrapped. The worker gets the public half and never the code.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass

import pyrage
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from gallery.errors import CodeUnknown

# 32 MB and some 0.1 s a try (OWASP's second choice), on top of 55 random bits.
COST, BLOCK, LANES = 2**15, 8, 1
NONCE_BYTES = 12
LOCATOR_BYTES = 32
PROOF_BYTES = 16


@dataclass(frozen=True)
class Lock:
    """What the worker keeps for a code: where the answer lies, its wrapped key, and what it is sealed to."""

    locator: str
    wrapped: bytes
    recipient: str
    proof_digest: str


@dataclass(frozen=True)
class Holder:
    """Who has typed a code that opens: with this the answer is read and requests are made. Secret."""

    locator: str
    identity: str
    proof: str


def make(code: str, *, pepper: str) -> Lock:
    """A new lock that this code (as `codes.tidy` leaves it) opens, with a key of its own; some 0.1 s."""
    locator, key = _derived(code, pepper)
    identity, proof = pyrage.x25519.Identity.generate(), secrets.token_hex(PROOF_BYTES)
    nonce = secrets.token_bytes(NONCE_BYTES)
    inside = json.dumps({"identity": str(identity), "proof": proof}).encode()
    wrapped = nonce + ChaCha20Poly1305(key).encrypt(nonce, inside, locator.encode())
    return Lock(locator, wrapped, str(identity.to_public()), digest_of(proof))


def locate(code: str, *, pepper: str) -> tuple[str, bytes]:
    """Where the answer to this code would lie, and the key that unwraps; some 0.1 s."""
    return _derived(code, pepper)


def unwrap(wrapped: bytes, *, locator: str, key: bytes) -> Holder:
    """Open what `make` wrapped; raise CodeUnknown when it was wrapped for another code."""
    try:
        inside = ChaCha20Poly1305(key).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], locator.encode())
        opened = json.loads(inside)
        return Holder(locator, opened["identity"], opened["proof"])
    except (InvalidTag, ValueError, KeyError, TypeError) as error:
        raise CodeUnknown from error


def digest_of(proof: str) -> str:
    """What is kept of a proof."""
    return hashlib.sha256(proof.encode()).hexdigest()


def _derived(code: str, pepper: str) -> tuple[str, bytes]:
    salt = hashlib.sha256(b"declaration code" + pepper.encode()).digest()
    made = Scrypt(salt=salt, length=LOCATOR_BYTES + 32, n=COST, r=BLOCK, p=LANES).derive(code.encode())
    return made[:LOCATOR_BYTES].hex(), made[LOCATOR_BYTES:]
