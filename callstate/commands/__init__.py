"""The commands of `callstate`, a module for each: the thin shell that reads files and the clock and decides nothing."""
