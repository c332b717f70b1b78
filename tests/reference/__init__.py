"""The generated pages of the docs: `python -m tests.write reference` writes them all.

One rule: whatever the code knows is asked of the code, by running it; only what it cannot know is written by hand, as
data. A test compares the pages with what would be written now.
"""
