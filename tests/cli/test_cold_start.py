"""What the service must not import on its way to the first answer: each costs time and memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

# Torch alone takes five seconds and 400 MB; the others half a second and more together.
HEAVY = (
    "torch transformers sentence_transformers onnx sklearn scipy pandas spacy thinc weasyprint"
    " matplotlib pdfplumber pdfminer pypdfium2 docx pytesseract PIL qdrant_client httpx numba"
).split()
_SERVE = """
import json, sys
sys.path[:0] = {path!r}
import service.cli.serve
import service.api.app
import uvicorn
service.api.app.create_app()
import stand_ins
before = set(sys.modules)
stand_ins.install()
between = set(sys.modules)
from pathlib import Path
from miner.settings import Settings
from service.workspace import Workspace
with Workspace.open(Settings(store=Path({store!r}))) as workspace:
    workspace.warm()
imported = before | (set(sys.modules) - between)
print(json.dumps(sorted(imported & set({heavy!r}))))
"""
_COMMAND = """
import json, sys
from service.cli.app import app_of
app_of(["search"])
print(json.dumps(sorted(name for name in sys.modules if name.startswith(("miner.", "service.")))))
"""


def _ran(code: str) -> list[str]:
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    names: list[str] = json.loads(ran.stdout.splitlines()[-1])
    return names


def test_serving_imports_nothing_heavy(filled: Path) -> None:
    tests = str(Path(__file__).resolve().parents[1])
    assert _ran(_SERVE.format(path=[tests], store=str(filled), heavy=HEAVY)) == []


def test_a_command_does_not_import_the_others() -> None:
    names = _ran(_COMMAND)
    assert "service.cli.search" in names
    others = {"service.cli.align", "service.cli.report", "service.across", "miner.alignment"}
    assert not others & set(names)
    assert not [name for name in names if name.startswith(("miner.commitments", "miner.coverage"))]
