"""Code of scripts/benchmark_prices."""
