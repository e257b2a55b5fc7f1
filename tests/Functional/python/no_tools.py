"""A module that forgot to mark its function."""


def forgotten() -> None:
    pass
