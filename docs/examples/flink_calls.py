"""Calls as a keyed stream on Flink: the state of a key is a call, its timer the deadline, its output the changes.

One rule: Flink orders, keeps and repeats; what becomes of a call is decided by `callstate.stream` alone. A message
waits until the watermark has passed it, because the messages of a call have to be applied in the order of their times.
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from pyflink.common import Configuration, Duration, Encoder, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import DataStream, KeyedProcessFunction, RuntimeContext, StreamExecutionEnvironment
from pyflink.datastream.connectors.file_system import FileSink, FileSource, StreamFormat
from pyflink.datastream.state import ListStateDescriptor, ValueStateDescriptor

from callstate import Action, CreateSimple, PhoneCall
from callstate.stream import step, tick

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
DISORDER = Duration.of_seconds(5)
"""How late a message may come. One that is later counts as if it came at the time of the last change."""


def read(line: str) -> tuple[datetime, int, Action | CreateSimple]:
    """Read a message: its time, its place among the messages of that time, and a new call, an action or a signal."""
    fields = msgspec.json.decode(line, type=dict[str, msgspec.Raw])
    kind, request = (CreateSimple, fields["create"]) if "create" in fields else (Action, fields["action"])
    at, seq = msgspec.json.decode(fields["at"], type=datetime), msgspec.json.decode(fields["seq"], type=int)
    return at, seq, msgspec.json.decode(request, type=kind)


def milliseconds(at: datetime) -> int:
    """Return the first millisecond of Flink's time that is not before a time."""
    return -((EPOCH - at) // MILLISECOND)


class Time(TimestampAssigner):  # type: ignore[misc]  # PyFlink has no types
    """Tells Flink the time of a message."""

    def extract_timestamp(self, value: str, record_timestamp: int) -> int:  # noqa: ARG002  # Flink passes it
        """Return the time in Flink's milliseconds."""
        return milliseconds(read(value)[0])


class Calls(KeyedProcessFunction):  # type: ignore[misc]  # PyFlink has no types
    """Applies the messages of each call in order, and lets its deadlines fire."""

    def open(self, runtime_context: RuntimeContext) -> None:
        """Declare what Flink keeps for each call: its value, and the messages that wait."""
        self.call = runtime_context.get_state(ValueStateDescriptor("call", Types.PICKLED_BYTE_ARRAY()))
        self.waiting = runtime_context.get_list_state(ListStateDescriptor("waiting", Types.STRING()))

    def process_element(self, value: str, ctx: Any) -> None:  # Any: PyFlink has no types
        """Let a message wait until nothing earlier can come."""
        self.waiting.add(value)
        ctx.timer_service().register_event_time_timer(ctx.timestamp())

    def on_timer(self, timestamp: int, ctx: Any) -> Iterator[str]:  # Any: PyFlink has no types
        """Apply what has waited long enough, then let the deadlines up to now fire."""
        data, now = self.call.value(), EPOCH + timestamp * MILLISECOND
        call = None if data is None else msgspec.msgpack.decode(data, type=PhoneCall)
        waiting = [(line, read(line)) for line in self.waiting.get()]
        told: list[object] = []
        for at, _, request in sorted((one for _, one in waiting if one[0] <= now), key=lambda one: one[:2]):
            call, changes, _, refusal = step(call, request, at)
            told += changes if refusal is None else (*changes, {"call_id": request.call_id, "refusal": refusal})
        call, changes, deadline, _ = tick(call, now)
        self.waiting.update([line for line, one in waiting if one[0] > now])
        if call is not None:
            self.call.update(msgspec.msgpack.encode(call))
        if deadline is not None:
            ctx.timer_service().register_event_time_timer(milliseconds(deadline))
        yield from (msgspec.json.encode(one).decode() for one in (*told, *changes))


def follow(lines: DataStream) -> DataStream:
    """Make a stream of changes and refusals, as lines of JSON, of a stream of messages."""
    watermarks = WatermarkStrategy.for_bounded_out_of_orderness(DISORDER).with_timestamp_assigner(Time())
    timed = lines.assign_timestamps_and_watermarks(watermarks)
    return timed.key_by(lambda line: read(line)[2].call_id).process(Calls(), Types.STRING())


def environment() -> StreamExecutionEnvironment:
    """Set Flink up: after a failure it goes on from the last checkpoint."""
    settings = Configuration()
    settings.set_string("python.execution-mode", "thread")  # a process for Python takes five times as long
    settings.set_string("python.executable", sys.executable)
    settings.set_string("restart-strategy.type", "fixed-delay")  # gives up after a few times, and tells why
    flink = StreamExecutionEnvironment.get_execution_environment(settings)
    flink.enable_checkpointing(1000)
    return flink


def main(source: str, target: str) -> None:
    """Follow the messages in a folder of files, and write each change once."""
    flink = environment()
    files = FileSource.for_record_stream_format(StreamFormat.text_line_format(), source).build()
    lines = flink.from_source(files, WatermarkStrategy.no_watermarks(), "messages")
    follow(lines).sink_to(FileSink.for_row_format(target, Encoder.simple_string_encoder()).build())
    flink.execute("calls")


if __name__ == "__main__":
    main(*sys.argv[1:])
