"""Where the service keeps its calls: in memory, or in any store that can compare and set."""

from callstate.voipnow.stores.host import Host, Store
from callstate.voipnow.stores.memory import MemoryStore
from callstate.voipnow.stores.subscriptions import MemorySubscriptions

__all__ = [
    "Host",
    "MemoryStore",
    "MemorySubscriptions",
    "Store",
]
