"""The same annotations and markets out of a Spark DataFrame, by the same functions (extra `spark`).

Workers need rolediff installed: docs/scale.md says how to send it to a cluster.
"""

from rolediff.spark.annotating import annotate
from rolediff.spark.compressing import compress, compress_paths
from rolediff.spark.sessions import session

__all__ = ["annotate", "compress", "compress_paths", "session"]
