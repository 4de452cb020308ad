"""Where rows go out: all files open at once, each row into the first file that can carry it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from types import TracebackType

from yuexin.engines.declare.types import Declarations
from yuexin.sample.files import Writer, writer
from yuexin.sample.layout import Layout, Row, layout
from yuexin.sample.schedule import Sheet
from yuexin.sample.told import Told


class Desk:
    """The files of the province while they are written."""

    def __init__(self, out: Path, plan: Sequence[Sheet], declarations: Declarations) -> None:
        resources = {sheet.resource for sheet in plan}
        self._out, self._plan = out, plan
        self.layouts = {r: layout(declarations=declarations, resource=r) for r in resources}
        self._writers: dict[str, Writer] = {}
        self._open = ExitStack()

    def __enter__(self) -> Desk:
        for sheet in self._plan:
            path = self._out / sheet.file
            columns = self.layouts[sheet.resource].columns
            file = writer(path=path, form=sheet.form, columns=columns)
            self._writers[sheet.file] = self._open.enter_context(closing(file))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._open.close()

    def layout_of(self, told: Told) -> Layout:
        return self.layouts[told.resource]

    def rows_of(self, sheet: Sheet) -> int:
        """How many rows the file holds so far."""
        return self._writers[sheet.file].rows

    def discard_empty(self) -> None:
        """Once all is written: an agency that has nothing to tell sends no file."""
        for sheet in self._plan:
            if not self.rows_of(sheet):
                (self._out / sheet.file).unlink()

    def send(self, told: Told, row: Row) -> tuple[str, int]:
        """Write a row; gives the file and the row's number in it, counted from 1."""
        sheet = self._sheet(told)
        file = self._writers[sheet.file]
        file.write(self.layouts[told.resource].cells(row))
        return sheet.file, file.rows

    def _sheet(self, told: Told) -> Sheet:
        for sheet in self._plan:
            fits = sheet.resource == told.resource and sheet.agency == told.agency
            if fits and sheet.delivered_on >= told.ready_on:
                return sheet
        raise ValueError(f"no file of {told.agency} carries {told.resource} of {told.ready_on}")
