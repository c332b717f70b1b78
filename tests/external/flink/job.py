"""The Flink program of the documentation, with a failure in the middle: reads a folder, writes a folder.

One rule: it runs what a user runs; only the operator that fails is added before it.
"""

import sys
import time
from pathlib import Path

from pyflink.common import Encoder, Types, WatermarkStrategy
from pyflink.datastream import MapFunction
from pyflink.datastream.connectors.file_system import FileSink, FileSource, StreamFormat

PAUSE_SECONDS = 0.002
"""Between two messages, so that checkpoints are made before the failure."""


class FailsOnce(MapFunction):  # type: ignore[misc]  # PyFlink has no types
    """Hands messages on; fails after so many of them, the first time only, and leaves a file that says so."""

    def __init__(self, messages: int, failed: str) -> None:
        self.left = messages
        self.failed = failed

    def map(self, value: str) -> str:
        """Hand one message on."""
        time.sleep(PAUSE_SECONDS)
        self.left -= 1
        if self.left == 0 and not Path(self.failed).exists():
            Path(self.failed).touch()
            raise RuntimeError("the planted failure")
        return value


def main(source: str, target: str, messages: str, failed: str) -> None:
    """Run it."""
    from flink_calls import environment, follow  # noqa: PLC0415  # the test puts its folder on the path

    flink = environment()
    files = FileSource.for_record_stream_format(StreamFormat.text_line_format(), source).build()
    lines = flink.from_source(files, WatermarkStrategy.no_watermarks(), "messages")
    failing = lines.map(FailsOnce(int(messages), failed), Types.STRING()).set_parallelism(1)
    follow(failing).sink_to(FileSink.for_row_format(target, Encoder.simple_string_encoder()).build())
    flink.execute("calls")


if __name__ == "__main__":
    main(*sys.argv[1:])
