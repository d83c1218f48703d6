"""What keeps a package from being built."""


class PackageError(Exception):
    """A package cannot be built; the text says what is missing and what brings it."""
