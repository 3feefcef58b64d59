"""Bounds for ZIP files that somebody gives us."""

import zipfile
import zlib

# Photos and films hardly shrink and texts do so ten times: above this it is made to fill a disk or to keep us busy.
MAX_INFLATION = 100
SMALL = 100 * 2**20
# Other methods inflate without a limit.
COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What reading a damaged or locked member raises: zipfile's own, the decompressor's, those of wrong sizes and places.
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)
