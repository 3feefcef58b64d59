"""Addresses of databases, stores and servers among the settings: which ones can be used, and why others can't.

Each function returns the reason in words that go after the setting's name, or None.
"""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

SQLITE, POSTGRESQL = "sqlite:///", ("postgresql", "postgresql+psycopg")
OBJECT_STORES = ("s3", "s3a", "gs", "az", "azure", "abfs", "abfss")
# A word and a colon before a path are a scheme with a slash too few; one letter could be a drive.
ALMOST_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
WEB = re.compile(r"https?://[^\s/]+(/[^\s]*[^\s/])?")
MEMORY = "memory:"
RELATIVE = "must be an absolute path: processes start in different folders"


def why_no_database(address: str) -> str | None:
    """Why an address can't be a database's; an empty one is the default.

    >>> why_no_database("mysql://localhost/gallery")
    'must begin with postgresql:// or sqlite:///, not mysql:'
    """
    scheme = address.partition(":")[0]
    if not address:
        return None
    if address.startswith(SQLITE):
        return _why_no_file(_file_of(address))
    if scheme in POSTGRESQL and "://" in address:
        return _why_no_server(address)
    if scheme.startswith("postgres"):
        return "must be written postgresql://USER@HOST/NAME: psycopg is the only driver"
    return f"must begin with postgresql:// or sqlite:///, not {scheme}:"


def why_no_lasting_database(address: str) -> str | None:
    """The same for a setting, by which every process must find the same file.

    >>> why_no_lasting_database("sqlite:///gallery.sqlite3")
    'must be an absolute path: processes start in different folders'
    """
    why = why_no_database(address)
    if why is None and address.startswith(SQLITE) and not _file_of(address).is_absolute():
        return RELATIVE
    return why


def is_postgresql(address: str) -> bool:
    """Whether a database address is PostgreSQL's."""
    return address.partition(":")[0] in POSTGRESQL


def why_no_store(address: str) -> str | None:
    """Why an address can't be a store's; an empty one is the default.

    >>> why_no_store("s3:/bucket")
    'must be a folder or s3://BUCKET/PREFIX: after s3: two slashes and a bucket are missing'
    >>> why_no_store("s3://bucket/photos"), why_no_store("/srv/photos")
    (None, None)
    >>> why_no_store("~/photos")
    'must be an absolute path: processes start in different folders'
    """
    if address in ("", MEMORY):
        return None
    scheme, separator, rest = address.partition("://")
    if not separator:
        almost = ALMOST_SCHEME.match(address)
        missing = f"after {almost[0]} two slashes and a bucket are missing" if almost else ""
        return f"must be a folder or s3://BUCKET/PREFIX: {missing}" if almost else _why_no_folder(Path(address))
    if scheme not in OBJECT_STORES:
        return f"must be a folder or s3://BUCKET/PREFIX: no object store is known as {scheme}://"
    if not re.match(r"[^\s/]+", rest):
        return f"names no bucket after {scheme}://"
    return None


def why_no_redis(address: str) -> str | None:
    """Why an address can't be Redis's; an empty one is none."""
    if not address:
        return None
    # Here, as nothing else of a process without Redis needs it.
    import redis

    try:
        redis.connection.parse_url(address.replace("redis+unix://", "unix://", 1))  # type: ignore[no-untyped-call]
    except ValueError as error:
        return f"must be redis://HOST:PORT/NUMBER, rediss:// or redis+unix://: {_line(error)}"
    return None if address.startswith(("redis://", "rediss://", "redis+unix://")) else "must begin with redis://"


def is_web(address: str, *, secure: bool) -> bool:
    """Whether an address is a site's, without a final slash. secure: reached by HTTPS only.

    >>> is_web("https://retrouves.example", secure=True), is_web("http://127.0.0.1:80", secure=True)
    (True, False)
    """
    return bool(WEB.fullmatch(address)) and (address.startswith("https://") or not secure)


def _file_of(address: str) -> Path:
    return Path(unquote(address.removeprefix(SQLITE).partition("?")[0]))


def _why_no_file(file: Path) -> str | None:
    if str(file) in (".", ":memory:"):
        return "names no file: the processes can't share a database in memory"
    if not file.absolute().parent.is_dir():
        return f"there is no folder {file.absolute().parent}"
    return "is a folder; name the file in it" if file.is_dir() else None


def _why_no_folder(path: Path) -> str | None:
    if not path.is_absolute():
        return RELATIVE
    return "is a file; name a folder" if path.is_file() else None


def _why_no_server(address: str) -> str | None:
    # Here, as nothing else of a process on SQLite needs it.
    import psycopg

    plain = "postgresql" + address[address.index("://") :]
    try:
        # Reading the port is what checks it.
        _ = urlsplit(plain).port
        psycopg.conninfo.conninfo_to_dict(plain)
    except (ValueError, psycopg.ProgrammingError) as error:
        return f"is no address of PostgreSQL: {_line(error)}"
    return None


def _line(error: Exception) -> str:
    """The first line of what a library says, without what was given: an address may hold a password."""
    return re.sub(r"""["'].*["']""", "...", (str(error).strip() or type(error).__name__).splitlines()[0])
