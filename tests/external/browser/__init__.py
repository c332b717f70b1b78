"""The console in a real browser, Debian's Chromium without a window: `python -m pytest tests/external/browser`."""
