"""Encryption of backups with age to the operator's keys: whoever makes a backup can't read it.

Format: https://age-encryption.org/v1, so that `age -d -i KEY` opens every file without this program.
"""

import gzip
import hashlib
import json
import re
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO, Any, Final, cast

import pyrage

from gallery.errors import BackupDamaged, BackupLocked

IN_MEMORY: Final = 8 * 1024 * 1024
READ_AT_ONCE: Final = 1024 * 1024
DIGEST_BYTES: Final = 32
IDENTITY: Final = re.compile(r"AGE-SECRET-KEY-1[0-9A-Z]+")


class Locker:
    """Encrypts to keys (age1...) of which the other halves are elsewhere."""

    def __init__(self, recipients: Iterable[str]) -> None:
        self._recipients = [pyrage.x25519.Recipient.from_str(each) for each in recipients]
        assert self._recipients, "a backup that nobody could open"

    def lock(self, lines: Iterable[str]) -> bytes:
        """Lines of text, compressed and encrypted."""
        data = gzip.compress("".join(f"{line}\n" for line in lines).encode(), compresslevel=3)
        return bytes(pyrage.encrypt(data, self._recipients))

    def lock_file(self, file: IO[bytes], key: str, into: IO[bytes]) -> bytes:
        """Encrypt a stored file with the digest of key and content after it; return the SHA-256 of what was written."""
        file.seek(0)
        writing = _Hashing(into)
        pyrage.encrypt_io(cast(Any, _WithDigest(file, key)), cast(Any, writing), self._recipients)
        return writing.digest


class Opener:
    """Opens what was encrypted to the other half of an age identity (AGE-SECRET-KEY-1...)."""

    def __init__(self, text: str) -> None:
        """Take the identities of a file as `age-keygen` writes it; raise BackupLocked where it has none."""
        try:
            self._identities = [pyrage.x25519.Identity.from_str(each) for each in IDENTITY.findall(text)]
        except pyrage.IdentityError as error:
            raise BackupLocked from error
        if not self._identities:
            raise BackupLocked

    def open(self, data: bytes) -> Iterator[str]:
        """The lines that were encrypted; raise BackupLocked."""
        try:
            opened = pyrage.decrypt(data, self._identities)
        except pyrage.DecryptError as error:
            raise BackupLocked from error
        # Not splitlines(), which breaks at characters that a line may have.
        yield from gzip.decompress(opened).decode().split("\n")[:-1]

    def open_json(self, data: bytes) -> Any:
        """The one value that was encrypted."""
        return json.loads("".join(self.open(data)))

    def open_file(self, data: IO[bytes], key: str, into: IO[bytes]) -> None:
        """Decrypt a stored file, and check that it is that of this key, whole; raise BackupLocked or BackupDamaged."""
        data.seek(0)
        try:
            pyrage.decrypt_io(cast(Any, data), cast(Any, into), self._identities)
        except pyrage.DecryptError as error:
            raise BackupLocked from error
        except OSError as error:
            # An error of the disk itself has a number; without one the age file was cut off or changed.
            if error.errno is not None:
                raise
            raise BackupDamaged(key) from error
        size = into.tell() - DIGEST_BYTES
        into.seek(0)
        digest = _digest_of(key)
        left = size
        while left > 0 and (read := into.read(min(READ_AT_ONCE, left))):
            digest.update(read)
            left -= len(read)
        if into.read() != digest.digest():
            raise BackupDamaged(key)
        into.seek(size)
        into.truncate()
        into.seek(0)


def temporary() -> IO[bytes]:
    """A file for what is on its way; large ones lie in TMPDIR."""
    return cast(IO[bytes], tempfile.SpooledTemporaryFile(IN_MEMORY))


def digest_of(file: IO[bytes]) -> bytes:
    """SHA-256 of what a file has, from its start to its end."""
    digest = hashlib.sha256()
    file.seek(0)
    while read := file.read(READ_AT_ONCE):
        digest.update(read)
    return digest.digest()


def _digest_of(key: str) -> "hashlib._Hash":
    return hashlib.sha256(key.encode() + b"\0")


class _WithDigest:
    """A file as it is read, with the digest of its key and its content after it."""

    def __init__(self, file: IO[bytes], key: str) -> None:
        self._file, self._digest, self._end = file, _digest_of(key), b""
        self._is_read = False

    def read(self, size: int = -1) -> bytes:
        if not self._is_read and (read := self._file.read(size)):
            self._digest.update(read)
            return read
        if not self._is_read:
            self._is_read, self._end = True, self._digest.digest()
        read, self._end = (self._end, b"") if size < 0 else (self._end[:size], self._end[size:])
        return read


class _Hashing:
    """What is written, on its way into a file."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._digest = file, hashlib.sha256()

    @property
    def digest(self) -> bytes:
        return self._digest.digest()

    def write(self, data: bytes) -> int:
        self._digest.update(data)
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()
