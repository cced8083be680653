"""python -m cc_metrics_cli"""

import sys

from cc_metrics_cli import main

sys.exit(main())
