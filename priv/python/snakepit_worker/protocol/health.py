"""The messages of gRPC's standard health service, for the gRPC transport."""

from __future__ import annotations

from .descriptors import message

HealthCheckRequest = message("grpc.health.v1.HealthCheckRequest")
HealthCheckResponse = message("grpc.health.v1.HealthCheckResponse")
