"""What makes the tests quick and changes nothing that they prove: each of them makes an application and signs in."""

from flask import Flask
from flask_security import core
from jinja2.bccache import Bucket, BytecodeCache


class CompiledTemplates(BytecodeCache):
    """Templates, compiled once for the applications of all tests."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take a template that another application has compiled of the same source."""
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template for the next application."""
        self._compiled[bucket.key] = bucket.bytecode_to_string()


def make_haste() -> None:
    """Compile every template once, and let argon2 cost little: its cost is all that is slow on purpose."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": CompiledTemplates()}
    core._default_config["PASSWORD_HASH_PASSLIB_OPTIONS"] = {
        "argon2__memory_cost": 64,
        "argon2__rounds": 1,
        "argon2__parallelism": 1,
    }
