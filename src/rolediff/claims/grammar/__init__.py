"""The grammar by which claims are found: sentences, names, figures, and a room for each family."""
