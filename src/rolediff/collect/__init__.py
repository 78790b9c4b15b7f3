"""Fresh postings from an open dataset or a public job board, fetched politely and kept whole."""
