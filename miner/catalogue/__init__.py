"""What is known about a document besides its text: manifest, geography, guesses, sources."""
