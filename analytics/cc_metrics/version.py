"""The version, which summaries and `cc-metrics --version` name."""

VERSION = "0.1.0"
