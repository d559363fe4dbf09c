"""`python -m service.cli`: the same as `miner`."""

from service.cli import main

main()
