"""Questions to a market, answered with frozen results: pay, gaps, and what they are made of."""
