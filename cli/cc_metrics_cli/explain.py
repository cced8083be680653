from typing import Final
from cc_metrics_cli import options
EXAMPLE: Final = "Example: x"
def explain(name: str = "") -> None:
    """x"""
