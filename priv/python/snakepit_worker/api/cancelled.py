"""The exception that ends a cancelled call."""


class CallCancelled(BaseException):
    """Raised inside a tool when its call has been cancelled or has run out of time.

    It is no Exception, so that ``except Exception`` lets it pass. Clean up and let it go: a tool that keeps running
    is killed with its worker after the host's grace.
    """

    __module__ = "snakepit_worker"  # where users import it from, and read it in error messages
