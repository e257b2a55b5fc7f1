"""A web service with one endpoint in FastAPI, to compare the pool with it."""

from __future__ import annotations

import time
from typing import Any

from fastapi import FastAPI

app = FastAPI()


@app.get("/ping")
async def ping(message: str = "pong") -> dict[str, Any]:
    """Return ``message`` and the server's time, as the tool ``ping`` of the showcase adapter does."""
    return {"message": message, "time": time.time()}
