"""The Spark and the DuckDB program of the documentation beside `callstate check`, on lines in any order."""

import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from callstate import Answered, CreateSimple, HungUp, OffHold, OnHold

sys.path.insert(0, str(Path(__file__).parents[3] / "docs" / "examples"))
