"""What makes the tests quick and changes nothing that they prove: each of them makes an application and signs in."""

from collections.abc import Callable, Hashable
from copy import copy
from functools import partial
from hashlib import sha256
from types import CodeType
from typing import Any, TypeVar

import pytest
from flask import Flask
from flask_security import core
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from werkzeug.routing import Rule

from gallery import database, imaging, matching
from gallery.imaging import Picture
from gallery.matching import Box, Signature
from gallery.matching.tiers import encoder
from gallery.matching.tiers.reduced import Pixels
from gallery.services.declarations.opening import locks
from gallery.sharing import cards
from gallery.sharing.cards import SeenCode
from gallery.web import resources


class CompiledTemplates(BytecodeCache):
    """Templates, compiled once for the applications of all tests."""

    def __init__(self) -> None:
        self._compiled: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take a template that another application has compiled of the same source."""
        bucket.code = self._compiled.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template for the next application."""
        assert bucket.code is not None
        self._compiled[bucket.key, bucket.checksum] = bucket.code


Made = TypeVar("Made")
MAX_KEPT = 400
_kept: dict[Hashable, Any] = {}
_OF_COMPILING = ("_parts", "_trace", "_converters", "arguments")
_rules: dict[tuple[object, ...], dict[str, Any]] = {}
_compile = Rule.compile


def _compile_once(rule: Rule) -> None:
    """Read a rule and make the functions that build its addresses: of the same parts, it is the same everywhere."""
    assert rule.map is not None
    defaults = tuple(sorted((rule.defaults or {}).items()))
    place = (rule.host, rule.subdomain, rule.map.host_matching, rule.merge_slashes, rule.strict_slashes)
    key = (rule.rule, place, defaults, tuple(rule.map.converters.items()))
    if key not in _rules:
        _compile(rule)
        _rules[key] = {name: copy(getattr(rule, name)) for name in _OF_COMPILING} | {
            name: getattr(rule, name).__func__ for name in ("_build", "_build_unknown")
        }
    for name, made in _rules[key].items():
        setattr(rule, name, made.__get__(rule) if callable(made) else copy(made))


def share(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let applications work on this engine: the statements that one has compiled, the next one finds."""
    monkeypatch.setattr(resources, "open_engine", partial(_opened, engine))


def _opened(engine: Engine, address: str, *, connections: int) -> Engine:
    is_same = address == engine.url.render_as_string(hide_password=False)
    return engine if is_same else database.open_engine(address, connections=connections)


def work_once(patch: pytest.MonkeyPatch) -> None:
    """Describe, reduce, look for codes and private parts once a picture: the same pixels, the same answer in all tests.

    For services, pages and commands, to which it is a means.
    """
    patch.setattr(matching, "describe", _describe_once(matching.describe))
    for name in ("renditions", "suggested"):
        patch.setattr(imaging, name, _once_a_picture(name, getattr(imaging, name)))
    patch.setattr(cards, "codes_in", _read_codes_once(cards.codes_in))


def _describe_once(describe: Callable[..., Signature]) -> Callable[..., Signature]:
    def described(picture: Pixels, box: Box | None = None) -> Signature:
        of_these = "described", _digest(picture), tuple(box or ()), encoder.in_use()
        return _once(of_these, lambda: describe(picture, box))

    return described


def _once_a_picture(name: str, make: Callable[[Picture], list[Made]]) -> Callable[[Picture], list[Made]]:
    return lambda picture: list(_once((name, _digest(imaging.as_array(picture))), lambda: make(picture)))


def _read_codes_once(codes_in: Callable[..., list[SeenCode]]) -> Callable[..., list[SeenCode]]:
    def read(grey: Pixels, *, is_card: Callable[[str], bool] = bool) -> list[SeenCode]:
        of_these = "codes", _digest(grey), getattr(is_card, "__code__", is_card)
        return list(_once(of_these, lambda: codes_in(grey, is_card=is_card)))

    return read


def _digest(pixels: Pixels) -> Hashable:
    return sha256(pixels.tobytes()).digest(), pixels.shape, pixels.dtype.str


def _once(key: Hashable, make: Callable[[], Made]) -> Made:
    if key not in _kept:
        made = make()
        if len(_kept) >= MAX_KEPT:
            _kept.clear()
        _kept[key] = made
    kept: Made = _kept[key]
    return kept


def make_haste() -> None:
    """Compile every template and rule once; let argon2 and scrypt cost little: they are slow on purpose.

    The programs that journeys start pay all of it, as the service does.
    """
    Rule.compile = _compile_once  # type: ignore[method-assign]
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": CompiledTemplates()}
    core._default_config["PASSWORD_HASH_PASSLIB_OPTIONS"] = {
        "argon2__memory_cost": 64,
        "argon2__rounds": 1,
        "argon2__parallelism": 1,
    }
    locks.COST = 2
