"""The exception that ends a cancelled call."""


class CallCancelled(BaseException):
    """Raised inside a tool when its call has been cancelled or has run out of time.

    It derives from BaseException, so that ``except Exception`` does not catch it. Clean up and let it propagate: if
    the tool keeps running, the host kills the worker after SnakepitOptions.CancelGrace.

    Example::

        @tool
        def train(rounds: int) -> float:
            try:
                return fit(rounds)
            except CallCancelled:
                discard_checkpoints()
                raise
    """

    __module__ = "snakepit_worker"  # error messages show this name, from which users import the class
