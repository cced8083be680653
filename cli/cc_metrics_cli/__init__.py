"""The command cc-metrics."""
