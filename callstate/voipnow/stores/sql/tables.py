"""Create the tables where no tool for migrations does it.

One rule: any number of processes may do that at the same time, as they do when a service is started.
"""

from contextlib import suppress

from sqlalchemy import Engine, MetaData
from sqlalchemy.exc import DBAPIError

from callstate.voipnow.stores.sql.schema import metadata

ATTEMPTS = 20


def create_tables(engine: Engine, tables: MetaData = metadata) -> None:
    """Create the tables of the package that are missing, or those of another schema."""
    for _ in range(ATTEMPTS):
        with suppress(DBAPIError):  # another process creates them, so next time they may be there
            tables.create_all(engine)
            return
    tables.create_all(engine)
