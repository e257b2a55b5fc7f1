"""A module whose function is not marked as a tool."""


def forgotten() -> None:
    pass
