# The API with the embedded engine, or with a Qdrant server where QDRANT_URL is set.
FROM python:3.11-slim-bookworm

ENV PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HF_HUB_OFFLINE=1 \
    MINER_STORE=/data \
    MINER_CACHE=/opt/miner-cache

# Debian's current tesseract is wanted, whichever that is; Pango and a font are for PDF reports.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        tesseract-ocr libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app
# Extra arguments for torch, e.g. an index that carries CPU builds.
ARG TORCH_ARGS=""
# TORCH_ARGS may hold several words or none.
# hadolint ignore=SC2086,DL3013
RUN pip install torch==2.13.0 ${TORCH_ARGS}
COPY pyproject.toml README.md ./
COPY miner ./miner
COPY service ./service
COPY evaluation ./evaluation
COPY models ./models
COPY corpus ./corpus
# hadolint ignore=DL3013
RUN pip install . \
    && python -m miner.embedding.export \
    && useradd --create-home --uid 10001 miner \
    && mkdir /data \
    && chown miner /data

USER 10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/live')"]
CMD ["miner", "serve", "--host", "0.0.0.0", "--port", "8000"]
