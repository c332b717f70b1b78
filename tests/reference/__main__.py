"""`python -m tests.reference` writes the generated pages of the docs."""

from tests.reference.pages import write

if __name__ == "__main__":
    write()
