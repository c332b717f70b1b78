"""Lines that a thread writes, whether somebody reads them or not."""

import os

import pytest

from callstate.sandbox import log_writer as output
from callstate.sandbox.log_writer import LineWriter


def read_all(descriptor: int) -> list[str]:
    with os.fdopen(descriptor, "rb") as file:
        return file.read().decode().splitlines()


def test_lines_are_written_in_their_order() -> None:
    reading, writing = os.pipe()
    writer = LineWriter(writing)
    for number in range(500):
        writer.write(f"line {number} \u260e")
    writer.close()
    os.close(writing)
    assert read_all(reading) == [f"line {number} \u260e" for number in range(500)]


def test_lines_that_nobody_reads_are_counted_when_there_is_room_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "MOST", 10)
    monkeypatch.setattr(output, "LAST_SECONDS", 0.05)
    reading, writing = os.pipe()
    writer = LineWriter(writing)
    for _ in range(50):
        writer.write("x" * 100_000)  # more than a pipe holds
    writer.close()
    assert writer.lost >= 30
    lines = os.fdopen(reading, "rb")
    for _ in range(10):
        lines.readline()
    writer.write("again")
    assert writer.lost == 0
    lines.close()


def test_where_nobody_reads_any_more_nothing_is_written() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    writer = LineWriter(writing)
    writer.write("one")
    writer.close()
    writer.write("two")
    os.close(writing)
