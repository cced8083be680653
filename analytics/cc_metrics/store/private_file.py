"""Files that hold a secret: their bytes, and whether others can read them too."""

import os
import stat
from pathlib import Path


def read(path: Path, most: int) -> tuple[bytes, bool]:
    """At most *most* + 1 bytes of a file, so that a longer one shows, and whether everybody can read it.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return file.read(most + 1), bool(os.fstat(file.fileno()).st_mode & stat.S_IROTH)
