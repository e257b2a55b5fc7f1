"""Stands in for the package opentelemetry-api: what the bridge uses of it, with the same names and signatures."""
