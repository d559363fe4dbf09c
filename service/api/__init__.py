"""The HTTP API: the product's nouns under `/v1`, in JSON."""
