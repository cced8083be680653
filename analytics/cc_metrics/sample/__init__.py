"""A made-up hotline: sample files for the README and the tests, and benchmark files of any size.

    python -m cc_metrics.sample sample_data
    python -m cc_metrics.sample --calls 20000000 --days 31 calls.parquet

Waits come from a simulated queue with agents on shifts. The same seed gives the same bytes. No number is anyone's.
"""
