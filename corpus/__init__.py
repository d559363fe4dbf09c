"""The bundled sample corpus and the catalogue of real strategies: facts, no real text."""
