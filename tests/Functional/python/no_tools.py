"""A module that cannot be an adapter, because its function is not marked as a tool."""


def forgotten() -> None:
    pass
