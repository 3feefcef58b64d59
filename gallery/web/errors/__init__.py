"""Errors as people and scripts are told of them."""

from gallery.web.errors.answers import answer_for, init_app, sentence_for, sentence_for_kept
from gallery.web.errors.table import ANSWERS

__all__ = ["ANSWERS", "answer_for", "init_app", "sentence_for", "sentence_for_kept"]
