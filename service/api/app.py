"""The app: `uvicorn --factory service.api.app:create_app`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.concurrency import run_in_threadpool

from miner.embedding import Encoder
from miner.settings import Settings
from miner.tagging.tagger import Tagger
from service.api import fresh, openapi, problems
from service.api.batches import Batches
from service.api.jobs import Jobs
from service.api.middleware import HEADER, Envelope
from service.api.routes import (
    alignment,
    batches,
    bodies,
    changes,
    commitments,
    compare,
    coverage,
    documents,
    feedback,
    frameworks,
    health,
    jobs,
    outputs,
    passages,
    search,
    similar,
    tags,
    taxonomies,
)
from service.api.settings import ApiSettings
from service.api.warmup import Warmup
from service.own import Taxonomies
from service.worker import Worker
from service.workspace import Workspace

_ABOUT = """Mines policy documents for who has committed to what.

A **Document** is split into **Passages**; each carries **Tags** (a **Concept** with its
probability and **Evidence**) and a **Stance**. An **Alignment** scores a document against a
**Framework**, concept by concept, with the passages that each score rests on. An upload is a
**Job**. Every error is an `application/problem+json` with what, cause and next step.

Offsets (`start`, `end`) count Unicode code points.
"""
_TAGS = [
    {"name": "documents", "description": "What is stored, and uploads."},
    {"name": "passages", "description": "Passages with their tags."},
    {"name": "commitments", "description": "Who has promised what by when."},
    {"name": "feedback", "description": "What analysts decide about tags."},
    {"name": "search", "description": "Questions, answered with passages."},
    {"name": "similar", "description": "What says the same elsewhere."},
    {"name": "changes", "description": "What a newer strategy changed."},
    {"name": "tagging", "description": "Texts that are stored nowhere."},
    {"name": "alignment", "description": "Documents against frameworks."},
    {"name": "coverage", "description": "Documents, countries and regions side by side."},
    {"name": "bodies", "description": "Named bodies and initiatives: who takes part in what."},
    {"name": "taxonomy", "description": "Frameworks and concepts."},
    {
        "name": "jobs",
        "description": "Uploads and batches on their way. The last 1000 are kept, in memory: a "
        "restart forgets them, and what was waiting must be sent again.",
    },
    {"name": "health", "description": "For orchestrators."},
]


def create_app(
    settings: Settings | None = None,
    api: ApiSettings | None = None,
    *,
    encoder: Encoder | None = None,
    tagger: Tagger | None = None,
    opened: Warmup | None = None,
) -> FastAPI:
    """The API over one store.

    Args:
        settings: the deployment; from the environment where missing.
        api: the API's own settings; from the environment where missing.
        encoder, tagger: used instead of the one that the settings name and the shipped one.
        opened: the store where it is open already; whoever opened it closes it.
    """
    chosen = settings or Settings.from_environment()
    limits = api or ApiSettings.from_environment()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with ExitStack() as stack:
            if opened is None:
                store = Workspace.open(
                    chosen, encoder=encoder, tagger=tagger, isolated=limits.isolated
                )
                warmup = Warmup(await run_in_threadpool(stack.enter_context, store))
            else:
                warmup = opened
            workspace = warmup.workspace
            app.state.workspace = workspace
            app.state.warmup = warmup
            app.state.taxonomies = Taxonomies(workspace.store, workspace.encoder)
            worker = Worker(chosen) if limits.isolated and encoder is None else None
            app.state.jobs = Jobs(
                worker.take_in if worker else workspace.take_in,
                chosen.store / "uploads",
                most_waiting=limits.max_waiting,
            )
            app.state.batches = Batches(
                app.state.jobs, chosen.store / "batches", most_waiting=limits.max_waiting
            )
            yield
            await run_in_threadpool(app.state.batches.close)
            if worker is not None:
                await run_in_threadpool(worker.close)
            await run_in_threadpool(_stop, app.state.jobs, workspace, warmup)
            await run_in_threadpool(stack.close)

    app = FastAPI(
        title="Policy Miner",
        version=version("policy-miner"),
        summary="Who has committed to what, in policy documents.",
        description=_ABOUT,
        openapi_tags=_TAGS,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        lifespan=lifespan,
    )
    # Answers of the first change only with what is stored.
    for module in (
        documents, commitments, passages, search, frameworks, coverage, bodies, outputs, compare,
    ):  # fmt: skip
        app.include_router(
            module.router,
            prefix="/v1",
            dependencies=[fresh.FreshDep],
            responses=fresh.NOT_MODIFIED,
        )
    for module in (batches, similar, changes, tags, alignment, jobs, health, feedback, taxonomies):
        app.include_router(module.router, prefix="/v1")
    app.include_router(health.unversioned)
    problems.install(app)
    fresh.install(app)
    app.openapi = lambda: openapi.schema_of(app)  # type: ignore[method-assign]
    app.add_middleware(
        Envelope,
        limit=limits.max_body,
        limits=dict.fromkeys(("/v1/documents", "/v1/alignment/file"), limits.max_upload),
    )
    if limits.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(limits.origins),
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["Content-Type", "If-None-Match", HEADER],
            expose_headers=["ETag", "Location", HEADER],
        )
    return app


def _stop(running: Jobs, workspace: Workspace, warmup: Warmup) -> None:
    # Whoever parses is woken first, so that the job it belongs to can end.
    workspace.reader.close()
    running.close()
    warmup.wait()
