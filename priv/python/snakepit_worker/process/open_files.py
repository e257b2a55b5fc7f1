"""Writes out what open files still buffer, when a process ends without the tear-down of the interpreter.

The garbage collector knows every file object. Files that the template has opened are shared by its workers: a worker
only writes out what it has written itself, and leaves it to the template to close them.
"""

from __future__ import annotations

import contextlib
import gc
import io
import traceback
import weakref
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..originals.imported import imported_class
from . import output
from .children import is_child
from .objects import Survey, bases_of

_BUFFERED: tuple[Any, ...] = (io.BufferedWriter, io.BufferedRandom, io.BufferedRWPair)
# Classes of the standard library, and their modules, that are no files themselves, but write to one or remove one when
# they are closed, as Python closes them when it deletes them. By name, because the classes in C lie in no variable.
_CLOSED_BEFORE_FILES = {
    **{"Shelf": "shelve", "_Stream": "tarfile"},
    **{"Wave_write": "wave", "Aifc_write": "aifc", "Au_write": "sunau"},
}
# What lies in a ZipFile is closed before it, and a Shelf before its database.
_CLOSED_AFTER_FILES = {
    **{"ZipFile": "zipfile", "_TemporaryFileWrapper": "tempfile"},
    **{"gdbm": "_gdbm", "dbm": "_dbm", "_Database": "dbm.dumb"},
}

# They read a class without asking its metaclass, which may be the user's code.
_members_of: Callable[[type], Mapping[str, Any]] = type.__dict__["__dict__"].__get__
_name_of: Callable[[type], str] = type.__dict__["__name__"].__get__

_inherited: list[weakref.ref[Any]] = []


def hand_down(survey: Survey) -> None:
    """Write out what is buffered, and note the open files of ``survey``, before this process forks workers.

    Otherwise each worker would write the same text once more.
    """
    files = _found(survey, io.TextIOWrapper, *_BUFFERED)
    _flush(files)
    _inherited.extend(map(weakref.ref, files))


def finish() -> list[int]:
    """Write out what is buffered, and close files that write more when they are closed, such as a GzipFile.

    Also close the pipes from which programs read that this process has started with the module subprocess. Return the
    process ids of those programs: they have to read what was written, and to do something with it.
    """
    survey = Survey(gc.get_objects())
    own = _found(survey, io.IOBase.__base__ or io.IOBase)
    plain: list[Any] = [found for found in own if isinstance(found, (io.TextIOWrapper, *_BUFFERED))]
    _flush([*plain, *(found for found in (reference() for reference in _inherited) if found is not None)])
    others = [found for found in own if type(found).__module__ != "_io" and not isinstance(found, io.RawIOBase)]
    closed = [*survey.of(_is_one_of(_CLOSED_BEFORE_FILES)), *others, *survey.of(_is_one_of(_CLOSED_AFTER_FILES))]
    _each(closed, lambda found: found.close())
    _flush(plain)  # a GzipFile has just written to the file below it
    return _close_pipes(_found(survey, imported_class("subprocess", "Popen")))


def _close_pipes(started: list[Any]) -> list[int]:
    readers: list[int] = []

    def close(found: Any) -> None:
        if found.stdin is not None and not found.stdin.closed and is_child(found.pid):
            readers.append(found.pid)
            found.stdin.close()

    _each(started, close)
    return readers


def _found(survey: Survey, *kinds: type) -> list[Any]:
    # The metaclass may be the user's code, so nothing is compared by ==.
    return survey.of(lambda kind: any(base is wanted for base in bases_of(kind) for wanted in kinds))


def _is_one_of(classes: Mapping[str, str]) -> Callable[[type], bool]:
    def is_named(base: type) -> bool:
        if (module := classes.get(_name_of(base))) is None:
            return False
        found = _members_of(base).get("__module__")
        return type(found) is str and found == module

    return lambda kind: any(map(is_named, bases_of(kind)))


def _flush(files: list[Any]) -> None:
    text: list[Any] = [found for found in files if isinstance(found, io.TextIOWrapper)]
    binary: list[Any] = [found for found in files if isinstance(found, _BUFFERED)]
    for level in (text, binary):
        _each(level, lambda found: None if found.closed else found.flush())


def _each(files: Iterable[Any], action: Callable[[Any], object]) -> None:
    for found in files:
        try:
            action(found)
        except Exception as error:  # the disk is full, or the reader of a pipe has gone; other files are written
            with contextlib.suppress(Exception):  # there may be no memory for the text, or nobody reads the log
                output.log(f"An open file could not be written out:\n{''.join(traceback.format_exception(error))}")
