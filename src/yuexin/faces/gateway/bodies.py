"""Bodies of requests: whole or refused, however large, and never held in memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import RawIOBase
from pathlib import Path
from typing import IO, Any, BinaryIO, Final, cast

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParser, MultiPartParserError

from yuexin.faces.gateway import refusals

CHUNK_BYTES: Final = 1 << 18
MULTIPART: Final = "multipart/form-data"
# What a form adds to the file it carries.
FORM_BYTES: Final = 64 << 10


class Whole(RawIOBase):
    """A body of exactly the length announced: one that ends before raises a `Refusal`.

    A connection that breaks ends the stream of a request like its end does.
    """

    def __init__(self, request: HttpRequest, length: int) -> None:
        self._request = request
        self._length = length
        self._received = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        chunk = self._request.read(size)
        self._received += len(chunk)
        if not chunk and size != 0 and self._received < self._length:
            raise refusals.body_cut(self._received, self._length)
        return chunk


def body_of(request: HttpRequest, *, most: int) -> BinaryIO:
    """The body of a request as a stream. Raises a `Refusal` where it is too long or unmeasured."""
    # A request that announces neither has no body (RFC 9112, 6.3).
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if request.META.get("HTTP_TRANSFER_ENCODING") or not announced.isdecimal():
        raise refusals.length_needed()
    length = int(announced)
    if length > most:
        raise refusals.body_too_large(most)
    return cast("BinaryIO", Whole(request, length))


def spooled(request: HttpRequest, *, most: int, folder: Path) -> IO[bytes]:
    """The body in a file without a name, rewound; whoever closes it drops it.

    Few clients read an answer before they have sent all they have to say.
    """
    body = body_of(request, most=most)
    file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed with the answer
    try:
        while chunk := body.read(CHUNK_BYTES):
            file.write(chunk)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


@contextmanager
def file_of(request: HttpRequest, *, most: int) -> Iterator[tuple[BinaryIO, str]]:
    """The file that a request carries, as its body or in a form, and the name it has there."""
    if request.content_type != MULTIPART:
        yield body_of(request, most=most), ""
        return
    body = body_of(request, most=most + FORM_BYTES)
    handlers = [TemporaryFileUploadHandler(request)]
    try:
        _, files = MultiPartParser(request.META, cast(Any, body), handlers).parse()
    except MultiPartParserError as error:
        raise refusals.no_file() from error
    given = [file for _, found in files.lists() for file in found]
    try:
        named = files.getlist("file")
        if len(named) != 1 or len(given) != 1:
            raise refusals.no_file()
        yield cast("BinaryIO", named[0].file), _name(named[0])
    finally:
        for file in given:
            file.close()


def _name(file: UploadedFile[Any]) -> str:
    return file.name or ""
