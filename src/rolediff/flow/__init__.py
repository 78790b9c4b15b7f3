"""Running over many files: cut into blocks, told by several processes, kept when one ends early."""
