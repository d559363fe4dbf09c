"""What routes work with; each reads like the noun it is."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from miner.catalogue.geography import Geography
from miner.search import Searcher
from miner.store import Store
from service.api.batches import Batches
from service.api.jobs import Jobs
from service.api.warmup import Warmup
from service.own import Taxonomies
from service.workspace import Workspace


def _workspace(request: Request) -> Workspace:
    found: Workspace = request.app.state.workspace
    return found


WorkspaceDep = Annotated[Workspace, Depends(_workspace)]


def _store(workspace: WorkspaceDep) -> Store:
    return workspace.store


def _searcher(workspace: WorkspaceDep) -> Searcher:
    return workspace.searcher


def _geography(workspace: WorkspaceDep) -> Geography:
    return workspace.geography


def _jobs(request: Request) -> Jobs:
    found: Jobs = request.app.state.jobs
    return found


def _batches(request: Request) -> Batches:
    found: Batches = request.app.state.batches
    return found


def _warmup(request: Request) -> Warmup:
    found: Warmup = request.app.state.warmup
    return found


def _taxonomies(request: Request) -> Taxonomies:
    found: Taxonomies = request.app.state.taxonomies
    return found


StoreDep = Annotated[Store, Depends(_store)]
SearcherDep = Annotated[Searcher, Depends(_searcher)]
GeographyDep = Annotated[Geography, Depends(_geography)]
JobsDep = Annotated[Jobs, Depends(_jobs)]
BatchesDep = Annotated[Batches, Depends(_batches)]
WarmupDep = Annotated[Warmup, Depends(_warmup)]
TaxonomiesDep = Annotated[Taxonomies, Depends(_taxonomies)]
