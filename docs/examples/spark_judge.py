"""Judge a trace of any size with Spark: the lines of each call in one partition, in order, a judge for each partition.

One rule: Spark moves and sorts lines; what a line is worth is decided by `judge_lines`, and verdicts add up.
"""

import sys
from functools import reduce
from operator import add

import msgspec
from pyspark.sql import Column, SparkSession
from pyspark.sql import functions as sql

from callstate.conformance import Verdict, judge_lines


def field(name: str) -> Column:
    """Return a field of a line of JSON."""
    return sql.get_json_object("value", f"$.{name}")


def judge(spark: SparkSession, *paths: str) -> Verdict:
    """Judge the lines of files, which may be in any order: `at` and `seq` say what the order is."""
    at, seq = sql.try_to_timestamp(field("at")), sql.coalesce(field("seq").cast("long"), sql.lit(0))
    lines = spark.read.text(list(paths)).repartition(field("call")).sortWithinPartitions(at, seq)
    verdicts = lines.rdd.mapPartitions(lambda rows: [msgspec.json.encode(judge_lines(row[0].encode() for row in rows))])
    return reduce(add, (msgspec.json.decode(verdict, type=Verdict) for verdict in verdicts.collect()), Verdict())


if __name__ == "__main__":
    session = SparkSession.builder.appName("judge").getOrCreate()
    found = judge(session, *sys.argv[1:])
    session.stop()
    print(*found.divergences, *found.unreadable, found.tally, sep="\n")
