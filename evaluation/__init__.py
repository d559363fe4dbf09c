"""How good is it? Every figure the project quotes is printed by a command of this package."""
