"""Records with meaning: whose title it is, which level, what the pay is worth."""
