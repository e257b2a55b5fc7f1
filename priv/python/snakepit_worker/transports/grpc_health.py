"""The standard health service of gRPC, grpc.health.v1."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import grpc

from ..protocol.health import HealthCheckRequest, HealthCheckResponse


class Health:
    """Reports whether the server, and the one ``service`` on it, can serve calls."""

    def __init__(self, service: str) -> None:
        """Report SERVING until ``stop`` is called."""
        self._service = service
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Report NOT_SERVING from now on, also to clients that watch."""
        self._stopped.set()

    def handler(self) -> grpc.GenericRpcHandler:
        """Return the handler of the health service, for registration with a gRPC server."""
        formats = HealthCheckRequest.FromString, HealthCheckResponse.SerializeToString
        return grpc.method_handlers_generic_handler(
            "grpc.health.v1.Health",
            {
                "Check": grpc.unary_unary_rpc_method_handler(self._check, *formats),
                "Watch": grpc.unary_stream_rpc_method_handler(self._watch, *formats),
            },
        )

    def _status(self) -> HealthCheckResponse:
        stopped = self._stopped.is_set()
        return HealthCheckResponse(status=HealthCheckResponse.NOT_SERVING if stopped else HealthCheckResponse.SERVING)

    def _check(self, request: HealthCheckRequest, context: grpc.ServicerContext) -> HealthCheckResponse:
        if request.service not in ("", self._service):
            context.abort(grpc.StatusCode.NOT_FOUND, f"no service {request.service!r} here")
        return self._status()

    def _watch(self, request: HealthCheckRequest, context: grpc.ServicerContext) -> Iterator[HealthCheckResponse]:
        if request.service not in ("", self._service):
            yield HealthCheckResponse(status=HealthCheckResponse.SERVICE_UNKNOWN)
            return
        yield self._status()
        while context.is_active() and not self._stopped.wait(0.5):
            pass
        if context.is_active():
            yield self._status()
