"""A FastAPI web service with one endpoint, with which Snakepit is compared."""

from __future__ import annotations

import time
from typing import Any

from fastapi import FastAPI

app = FastAPI()


@app.get("/ping")
async def ping(message: str = "pong") -> dict[str, Any]:
    """Return ``message`` and the server's time, as the tool ``ping`` of Snakepit's showcase adapter does."""
    return {"message": message, "time": time.time()}
