"""Thin doors to the library: the command line."""

import os

# An answer multiplies many small matrices. Threads that wait for one another between them cost
# more than they bring (0.55 s of processor against 2.4 on two busy cores). Read by NumPy's
# OpenBLAS when it is first imported; whoever has set it knows better.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
