"""A tool of a kind that is not served."""

from snakepit_worker import tool


@tool
async def asynchronous() -> None:
    pass
