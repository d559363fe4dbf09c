"""`/health` and `/v1/health`: for orchestrators."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import APIRouter

from service.api.dependencies import WarmupDep, WorkspaceDep
from service.api.problems import problems
from service.api.schemas.health import Liveness, Readiness


def live() -> Liveness:
    """The process answers. Says nothing of the store and the models."""
    return Liveness(status="alive", version=version("policy-miner"))


def ready(workspace: WorkspaceDep, warmup: WarmupDep) -> Readiness:
    """The store is open and the models are loaded; 503 until then, and why."""
    warmup.check()
    documents, passages = workspace.store.counts()
    return Readiness(
        status="ready",
        documents=documents,
        passages=passages,
        embedding_model=workspace.encoder.id,
        tagging_model=workspace.tagger.id,
    )


def _router(suffix: str) -> APIRouter:
    made = APIRouter(prefix="/health", tags=["health"])
    made.get("/live", summary="Is it alive?", operation_id=f"live{suffix}", responses=problems())(
        live
    )
    made.get(
        "/ready", summary="Is it ready?", operation_id=f"ready{suffix}", responses=problems(503)
    )(ready)
    return made


router = _router("")
unversioned = _router("_unversioned")
