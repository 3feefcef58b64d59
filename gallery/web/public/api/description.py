"""The blueprint of the API, its OpenAPI description, and the headers of its answers."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Request, Response, current_app, jsonify, request, session
from flask_smorest import Api, Blueprint
from marshmallow import Schema
from webargs.flaskparser import FlaskParser
from webargs.multidictproxy import MultiDictProxy
from werkzeug.datastructures import CombinedMultiDict

from gallery.config import Settings
from gallery.web import labels
from gallery.web.public.api import schemas
from gallery.web.public.kept import PAGE, kept
from gallery.web.requests import is_for_api
from gallery.web.resources import resources_of

View = TypeVar("View", bound=Callable[..., Any])

VERSION = "1.0.0"
PREFIX = "/api/v1"
DOCUMENT = "api description"
READING = {"GET", "HEAD", "OPTIONS"}
PURPOSE = (
    "Objects that were stolen and that the gendarmerie or the police has recovered, as the public gallery shows them. "
    "Nothing here is personal; what a search by photo sends is forgotten with the answer."
)


class FormParser(FlaskParser):
    """Reads the fields of a form and its files as one, as it is described."""

    def load_files(self, req: Request, schema: Schema) -> MultiDictProxy:
        """Both, by name."""
        return MultiDictProxy(CombinedMultiDict([req.form, req.files]), schema)


class OperationBlueprint(Blueprint):
    """A blueprint whose forms have fields beside their files."""

    ARGUMENTS_PARSER = FormParser()


blueprint = OperationBlueprint("api", __name__, url_prefix=PREFIX, description="Everything that is public")


class PublicApi(Api):
    """Describes the operations; errors stay the application's, which answers them as problem details."""

    ERROR_SCHEMA = schemas.ProblemSchema
    # Of errors: what an operation answers says its own (`answers`).
    DEFAULT_RESPONSE_CONTENT_TYPE = "application/problem+json"

    def _register_error_handlers(self) -> None:
        """Leave them to gallery/web/errors."""


def answers(schema: Schema) -> Callable[[View], View]:
    """Let an operation answer a record as JSON."""
    return blueprint.response(200, schema, content_type="application/json")


def refuses(status: int, why: str) -> Callable[[View], View]:
    """Say when an operation answers an error."""
    return blueprint.alt_response(status, schema=schemas.ProblemSchema, description=why)


def configure(app: Flask, settings: Settings) -> None:
    """Add the operations to the application, and say what their description begins with."""
    app.config.update(
        API_TITLE=settings.site_name,
        API_VERSION=VERSION,
        OPENAPI_VERSION="3.1.0",
        API_SPEC_OPTIONS={
            "info": {"description": PURPOSE, "license": {"name": settings.data_licence, "url": settings.data_licence}},
        },
    )
    app.register_blueprint(blueprint)
    app.after_request(_of_api)


def describe(app: Flask, settings: Settings) -> dict[str, Any]:
    """The OpenAPI document of the operations; made when first read: it takes longer than all else at start."""
    api = PublicApi(app)
    # Of the library: the description is read under its address.
    app.cli.commands.pop("openapi", None)
    blueprint.register_views_in_doc(api, app, api.spec, name=blueprint.name, parameters=None)
    api.spec.tag({"name": blueprint.name, "description": blueprint.description})
    photos = api.spec.components.schemas["SearchForm"]["properties"]["photos"]
    photos["maxItems"] = settings.max_search_photos
    return api.spec.to_dict()


@blueprint.get("/openapi.json")
@blueprint.doc(summary="This description", responses={200: {"description": "an OpenAPI document"}})
@kept()
def openapi() -> Response:
    """The operations, what they take and what they answer (OpenAPI 3.1)."""
    if DOCUMENT not in current_app.extensions:
        settings = resources_of(current_app).settings
        current_app.extensions[DOCUMENT] = describe(current_app, settings)
    return jsonify(current_app.extensions[DOCUMENT] | {"servers": [{"url": labels.absolute("")}]})


def _of_api(answer: Response) -> Response:
    """Any answer at an address of the API, that of an error too: what isn't kept is in the reader's language."""
    if not is_for_api():
        return answer
    if PAGE not in request.environ:
        answer.vary.add("Accept-Language")
    return let_others_read(answer)


def let_others_read(answer: Response) -> Response:
    """Any page may read what is public; what is unchanged is not sent again, and no cookie is given to a program."""
    session.modified = False
    if request.method in READING:
        answer.headers["Access-Control-Allow-Origin"] = "*"
        answer.headers["Access-Control-Expose-Headers"] = "ETag"
    if request.method == "OPTIONS":
        answer.headers["Access-Control-Allow-Headers"] = "If-None-Match"
    if request.method == "GET" and answer.status_code == 200 and not answer.get_etag()[0]:
        answer.add_etag()
        answer.make_conditional(request)
        answer.headers.pop("Date", None)
    return answer
