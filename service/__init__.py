"""The doors of the product: the HTTP API and the command line. They translate, nothing more."""
