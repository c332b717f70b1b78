"""A service to try clients against: the one room beside the command line that reads a clock and opens a socket."""
