"""Classes of the messages of gRPC's standard health service, which the gRPC transport offers."""

from __future__ import annotations

from .descriptors import message

HealthCheckRequest = message("grpc.health.v1.HealthCheckRequest")
HealthCheckResponse = message("grpc.health.v1.HealthCheckResponse")
