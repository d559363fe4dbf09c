# Policy Miner. `make demo` and `make test` set everything up by themselves.
PYTHON ?= python3.11
# Extra arguments for installing torch, e.g. an index with CPU builds where PyPI's carries CUDA.
TORCH_ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
STORE := demo-store
SHARED ?= ../shared

.PHONY: help setup demo test lint format openapi evaluate train clean

help: ## list what there is
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup: $(VENV)/.ready ## make .venv with everything in it

$(VENV)/.ready: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check torch==2.13.0 $(TORCH_ARGS)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

demo: setup ## take in the sample corpus, ask the flagship question, align one strategy
	rm -rf $(STORE)
	-$(BIN)/miner ingest corpus/sample/documents --manifest corpus/sample/manifest.tsv --store $(STORE)
	$(BIN)/miner search "incident management commitments in Meridian Coast Association strategies" --limit 5 --store $(STORE)
	$(BIN)/miner align corpus/sample/documents/calvessa-2022-strategy.pdf

test: setup ## run the tests
	$(BIN)/python -m pytest

lint: setup ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: setup ## format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

openapi: setup ## write service/api/openapi.json anew
	$(BIN)/python -m service.api.openapi

evaluate: setup ## print the figures that the README quotes (needs ../shared)
	$(BIN)/python -m evaluation crossfit --labelled $(SHARED)/labels/dev_passages.jsonl
	$(BIN)/python -m evaluation tagging --labelled $(SHARED)/labels/dev_passages.jsonl
	$(BIN)/python -m evaluation alignment --corpus $(SHARED)/corpus
	$(BIN)/python -m evaluation retrieval --passages $(SHARED)/retrieval/passages.jsonl \
		--queries $(SHARED)/retrieval/queries.jsonl --qrels $(SHARED)/retrieval/qrels.jsonl \
		--mode full --compare hybrid
	$(BIN)/python -m evaluation retrieval --passages $(SHARED)/retrieval/passages.jsonl \
		--queries evaluation/data/analyst_queries.jsonl --qrels evaluation/data/analyst_qrels.jsonl \
		--mode full --compare hybrid

train: setup ## build the tagging model anew (needs ../shared for the real documents)
	$(BIN)/miner train --tune --corpus $(SHARED)/corpus --dev $(SHARED)/labels/dev_passages.jsonl

clean: ## drop the environment and the demo's store
	rm -rf $(VENV) $(STORE)
