"""`/v1/documents`, `/v1/passages`, `/v1/jobs`: what is stored and how it gets there."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import HashingEncoder
from fastapi.testclient import TestClient
from numpy.typing import NDArray
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas
from service_conftest import CALVESSA, ISMORA, app_client, done, is_problem, prepare, upload
