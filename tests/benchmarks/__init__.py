"""How fast the engine is, beside other ways to do the same: `python -m tests.benchmarks`.

One rule: what is compared does the same work, with the same checks, and a test says so. Nothing in the test suite
depends on a time.
"""
