"""read: any source to records, with bad rows quarantined, counted and explained."""

from rolediff.read.aijobs import read_aijobs
from rolediff.read.catalog import read
from rolediff.read.tables import read_table

__all__ = ["read", "read_aijobs", "read_table"]
