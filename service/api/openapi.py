"""The OpenAPI document: `python -m service.api.openapi` writes `service/api/openapi.json`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from service.api.schemas.problem import Fault, Problem

PATH = Path(__file__).with_name("openapi.json")
_IF_NONE_MATCH = {
    "name": "if-none-match",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": 2000},
    "description": "The ETag of the answer that you have.",
}
_REFERENCE = "#/components/schemas/{model}"


def schema_of(app: FastAPI) -> dict[str, Any]:
    """The app's schema, with the Problem that every route may answer with."""
    if app.openapi_schema is None:
        schema = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            description=app.description,
            routes=app.routes,
            tags=app.openapi_tags,
            license_info=app.license_info,
        )
        models = schema["components"]["schemas"]
        for model in (Fault, Problem):
            models[model.__name__] = model.model_json_schema(
                mode="serialization", ref_template=_REFERENCE
            )
            models[model.__name__].pop("$defs", None)
        schema["components"]["schemas"] = dict(sorted(models.items()))
        _tell_tags(schema)
        app.openapi_schema = schema
    return app.openapi_schema


def _tell_tags(schema: dict[str, Any]) -> None:
    """Say of each GET that may answer 304 how to ask for it, and of no other method."""
    for methods in schema["paths"].values():
        for method, route in methods.items():
            if method != "get":
                route["responses"].pop("304", None)
            elif "304" in route["responses"]:
                ok = route["responses"]["200"]
                ok.setdefault("headers", {}).setdefault("ETag", {"schema": {"type": "string"}})
                parameters = route.setdefault("parameters", [])
                if not any(p["name"].lower() == "if-none-match" for p in parameters):
                    parameters.append(dict(_IF_NONE_MATCH))


def text_of(app: FastAPI) -> str:
    """The schema as the file holds it."""
    return json.dumps(schema_of(app), ensure_ascii=False, indent=2) + "\n"


def main() -> None:
    """Write the file."""
    from service.api.app import create_app

    PATH.write_text(text_of(create_app()), "utf-8")


if __name__ == "__main__":
    main()
