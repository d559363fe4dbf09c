"""Named bodies, processes and treaties where documents name them: who takes part in what."""

from miner.bodies.body import Body, Kind, Mention, Role
from miner.bodies.book import Book, book
from miner.bodies.find import Found, find
from miner.bodies.involvement import Involvement, involvements
from miner.bodies.kept import NamedBodies

__all__ = [
    "Body",
    "Book",
    "Found",
    "Involvement",
    "Kind",
    "Mention",
    "NamedBodies",
    "Role",
    "book",
    "find",
    "involvements",
]
