"""The local page: any two roles compared in a browser, each page with a twin in JSON."""
