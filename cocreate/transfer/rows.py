"""The rows of a CSV file, read so that what is broken or hostile is refused with its line, soon, and without filling the memory."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from flask_babel import gettext as _

from cocreate.core.errors import BadInput

MOST_ROW = 130_000  # characters of one row; where a quotation mark is missing the rest of the file is one
MOST_ROWS = 1_000_000


def broken(file: Path, sentence: str, line: int | None = None) -> BadInput:
    """What is said of a file that cannot be used."""
    return BadInput({file.name: [_("Line %(line)d: %(sentence)s", line=line, sentence=sentence) if line else sentence]})


Rows = Iterator[tuple[int, list[str]]]


def read_rows(file: Path, wanted: tuple[str, ...]) -> Rows:
    """Each row after the header: the line it begins on, and the columns that are wanted, in that order. Raises BadInput."""
    rows = read_all(file)
    _line, header = next(rows, (0, []))
    missing = [name for name in wanted if name not in header]
    if missing:
        raise broken(file, _("The first line names no column %(columns)s.", columns=", ".join(missing)))
    places = [header.index(name) for name in wanted]
    for line, row in rows:
        if len(row) != len(header):
            raise broken(file, _("%(found)d values stand where the first line names %(count)d columns.", found=len(row), count=len(header)), line)
        yield line, [row[place] for place in places]


def read_all(file: Path) -> Rows:
    """Each row that holds something, with the line it begins on. Raises BadInput."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            yield from _rows(file, opened)
    except FileNotFoundError:
        raise broken(file, _("There is no such file in %(folder)s.", folder=file.parent)) from None
    except OSError as error:
        raise broken(file, _("It cannot be read: %(why)s.", why=error.strerror)) from None
    except UnicodeDecodeError:
        raise broken(file, _("It is not text in UTF-8. Save it as CSV in UTF-8.")) from None


def _rows(file: Path, opened: TextIO) -> Rows:
    lines = Lines(file, opened)
    rows = csv.reader(lines, strict=True)
    for _count in range(MOST_ROWS):
        lines.begin_row()
        try:
            row = next(rows, None)
        except csv.Error:
            raise broken(file, _("This is no row of a CSV file; look for a quotation mark too many or too few."), lines.begun) from None
        if row is None:
            return
        if row:
            yield lines.begun, row
    raise broken(file, _("These are more than %(count)d rows.", count=MOST_ROWS))


class Lines:
    """The lines of a file for the reader of CSV; `begun` is the line on which the present row begins."""

    def __init__(self, file: Path, opened: TextIO) -> None:
        self._file, self._opened = file, opened
        self._number = self._length = 0
        self.begun = 1

    def begin_row(self) -> None:
        self._length, self.begun = 0, self._number + 1

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        line = self._opened.readline(MOST_ROW + 1)
        if not line:
            raise StopIteration
        self._number += 1
        self._length += len(line)
        if self._length > MOST_ROW:
            sentence = _("This row is longer than %(count)d characters; look for a quotation mark that does not end.", count=MOST_ROW)
            raise broken(self._file, sentence, self.begun)
        if "\x00" in line:
            raise broken(self._file, _("This holds a character that cannot be kept."), self._number)
        return line
