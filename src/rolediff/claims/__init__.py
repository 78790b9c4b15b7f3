"""Claims of an article: found by a grammar, judged from a market."""
