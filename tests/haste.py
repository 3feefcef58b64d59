"""What makes the tests quick and changes nothing that they prove: each of them makes an application and signs in."""

from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask
from flask_security import core
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from werkzeug.routing import Rule

from gallery import database
from gallery.web import resources


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


_builders: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}
_compile_builder = Rule._compile_builder


def _builder_compiled_once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    """What builds the addresses of a rule: of the same parts, it is the same function in every application."""
    defaults = tuple(sorted((rule.defaults or {}).items()))
    key = (rule.rule, append_unknown, tuple(rule._trace), defaults, tuple(map(type, rule._converters.values())))
    if key not in _builders:
        _builders[key] = _compile_builder(rule, append_unknown)
    return _builders[key]


def share(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let applications work on this engine: the statements that one has compiled, the next one finds."""
    monkeypatch.setattr(resources, "open_engine", partial(_opened, engine))


def _opened(engine: Engine, address: str) -> Engine:
    is_same = address == engine.url.render_as_string(hide_password=False)
    return engine if is_same else database.open_engine(address)


def make_haste() -> None:
    """Compile every template and rule once, and let argon2 cost little: its cost is all that is slow on purpose."""
    Rule._compile_builder = _builder_compiled_once  # type: ignore[method-assign]
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": CompiledTemplates()}
    core._default_config["PASSWORD_HASH_PASSLIB_OPTIONS"] = {
        "argon2__memory_cost": 64,
        "argon2__rounds": 1,
        "argon2__parallelism": 1,
    }
