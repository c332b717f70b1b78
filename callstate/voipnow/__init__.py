"""The vendor's service around the core: how calls and actions are written on the wire."""
