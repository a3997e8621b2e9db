"""Binds what was typed to a form's model: either a value, or every error at once, by field.

Names in a form: `name` for one value or several, `due-day`, `due-month` and `due-year` for a
date, `milestones-0-title` for a field of the first of several things of one kind. Python's
underscores are hyphens in the page.
"""

import re
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, Any, ClassVar, Generic, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.fields import FieldInfo

from charter.errors import FieldError, RuleViolation
from registry.web.form_body import FormBody, ReceivedFile

MOST_REPEATS = 60
"""How many things of one kind a form may hold."""

DATE_PARTS = ("day", "month", "year")


class Form(BaseModel):
    """Base of every form. `Field(title=…)` names the field inside a sentence: "your email"."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    sentences: ClassVar[Mapping[str, str]] = {}
    """Own sentences: by `field` or `field:kind`, where the general one reads badly."""


F = TypeVar("F", bound=Form)


@dataclass(frozen=True, slots=True)
class Bound(Generic[F]):
    """A form as it came back: its value if nothing is wrong, and always what was typed."""

    value: F | None = None
    errors: tuple[FieldError, ...] = ()
    typed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    files: tuple[ReceivedFile, ...] = ()

    def one(self, name: str, default: str = "") -> str:
        """Return what was typed under `name`, for showing it again."""
        values = self.typed.get(name, ())
        return values[0] if values else default

    def several(self, name: str) -> Sequence[str]:
        """Return everything chosen under `name`."""
        return self.typed.get(name, ())

    def wrong(self, name: str) -> str | None:
        """Return the sentence that says what is wrong with `name`, if anything is."""
        return next((error.message for error in self.errors if error.field == name), None)

    def refused(self, refusal: RuleViolation) -> "Bound[F]":
        """Return the same form with what a rule found wrong in it."""
        errors = tuple(
            FieldError(_in_page(error.field), error.message) for error in refusal.errors
        ) or (FieldError("", refusal.message),)
        return replace(self, value=None, errors=errors)


def shown(values: Mapping[str, str | Sequence[str]]) -> Bound[Any]:
    """Return a form not yet sent that shows `values`: from a draft, or empty."""
    return Bound(
        typed={
            name: (value,) if isinstance(value, str) else tuple(value)
            for name, value in values.items()
        }
    )


def bind(model: type[F], body: FormBody) -> Bound[F]:
    """Return `body` bound to `model`; every error has the field's name and a plain sentence."""
    files = tuple(body.files)
    try:
        value = model.model_validate(_gathered(model, body.typed))
    except ValidationError as failure:
        return Bound(None, _field_errors(model, failure), body.typed, files)
    return Bound(value, (), body.typed, files)


def _gathered(model: type[BaseModel], typed: Mapping[str, Sequence[str]]) -> dict[str, object]:
    """Return `typed` in the shape of `model`; a field left blank is left out."""
    found = {
        name: _gathered_field(_in_page(name), info, typed)
        for name, info in model.model_fields.items()
    }
    return {name: value for name, value in found.items() if value not in (None, "", [], {})}


def _gathered_field(name: str, info: FieldInfo, typed: Mapping[str, Sequence[str]]) -> object:
    kind = _plain(info.annotation)
    origin = get_origin(kind)
    if origin in {list, tuple, set, frozenset}:
        inner = _plain(get_args(kind)[0])
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            return _repeated(name, inner, typed)
        return [value for value in typed.get(name, ()) if value.strip()]
    if kind is date and any(f"{name}-{part}" in typed for part in DATE_PARTS):
        return _joined_date([_first(typed, f"{name}-{part}").strip() for part in DATE_PARTS])
    return _first(typed, name).strip("\r\n ")


def _repeated(
    name: str, inner: type[BaseModel], typed: Mapping[str, Sequence[str]]
) -> list[dict[str, object]]:
    """Return the things typed under `name-0-…`, `name-1-…`; one left wholly blank is left out."""
    place = re.compile(rf"{re.escape(name)}-(\d{{1,2}})-(.+)", re.DOTALL)
    things: dict[int, dict[str, Sequence[str]]] = {}
    for key, values in typed.items():
        if matched := place.fullmatch(key):
            things.setdefault(int(matched[1]), {})[matched[2]] = values
    gathered = (_gathered(inner, things[index]) for index in sorted(things)[:MOST_REPEATS])
    return [thing for thing in gathered if thing]


def _joined_date(parts: Sequence[str]) -> str:
    """Return three typed boxes as one ISO date; nonsense stays nonsense and is refused later."""
    if not any(parts):
        return ""
    day, month, year = parts
    return f"{year:0>4}-{month:0>2}-{day:0>2}"


def _first(typed: Mapping[str, Sequence[str]], name: str) -> str:
    values = typed.get(name, ())
    return values[0] if values else ""


def _plain(annotation: Any) -> Any:
    """Return `annotation` without `Annotated` and without `| None`."""
    if get_origin(annotation) is Annotated:
        return _plain(get_args(annotation)[0])
    if get_origin(annotation) in {Union, types.UnionType}:
        kinds = [kind for kind in get_args(annotation) if kind is not type(None)]
        return _plain(kinds[0]) if len(kinds) == 1 else annotation
    return annotation


SENTENCES: Mapping[str, str] = {
    "missing": "Enter {label}",
    "unreadable_text": "{Label} has characters that cannot be shown. Type it again",
    "text_too_long": "{Label} must be {cap} characters or fewer",
    "string_too_short": "{Label} must be {min_length} characters or more",
    "string_too_long": "{Label} must be {max_length} characters or fewer",
    "string_pattern_mismatch": "{Label} is not in the right form",
    "too_short": "Choose at least {min_length} for {label}",
    "too_long": "Choose at most {max_length} for {label}",
    "literal_error": "Choose {label} from the list",
    "enum": "Choose {label} from the list",
    "int_parsing": "{Label} must be a whole number",
    "int_parsing_size": "{Label} must be a smaller number",
    "int_from_float": "{Label} must be a whole number",
    "float_parsing": "{Label} must be a number",
    "decimal_parsing": "{Label} must be a number, like 1250 or 12.50",
    "decimal_max_places": "{Label} must have at most {decimal_places} decimal places",
    "decimal_max_digits": "{Label} must be a smaller number",
    "greater_than": "{Label} must be more than {gt}",
    "greater_than_equal": "{Label} must be {ge} or more",
    "less_than": "{Label} must be less than {lt}",
    "less_than_equal": "{Label} must be {le} or less",
    "date_from_datetime_parsing": "{Label} must be a real date",
    "date_parsing": "{Label} must be a real date",
    "date_from_datetime_inexact": "{Label} must be a real date",
    "bool_parsing": "Choose yes or no for {label}",
    "uuid_parsing": "Choose {label} from the list",
}
"""A sentence per kind of error; kinds not named here carry their own sentence."""


def _field_errors(model: type[Form], failure: ValidationError) -> tuple[FieldError, ...]:
    """Return one error per field, in the order of the page."""
    errors: dict[str, FieldError] = {}
    for found in failure.errors(include_url=False, include_input=False):
        place = found["loc"]
        name = "-".join(_in_page(str(part)) for part in place)
        label = _label(model, place)
        own = model.sentences.get(f"{_dotted(place)}:{found['type']}") or model.sentences.get(
            _dotted(place)
        )
        sentence = own or SENTENCES.get(found["type"], found["msg"].removeprefix("Value error, "))
        words = {**found.get("ctx", {}), "label": label, "Label": label[:1].upper() + label[1:]}
        errors.setdefault(name, FieldError(name, sentence.format_map(words)))
    return tuple(errors.values())


def _dotted(place: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in place if isinstance(part, str))


def _label(model: type[BaseModel], place: tuple[int | str, ...]) -> str:
    """Return the words that name a field inside a sentence."""
    title, kind = "this", model
    for part in place:
        info = kind.model_fields.get(str(part))
        if info is None:
            continue
        title = info.title or str(part).replace("_", " ")
        inner = _plain(info.annotation)
        inner = _plain(get_args(inner)[0]) if get_origin(inner) in {list, tuple} else inner
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            kind = inner
    return title


def _in_page(name: str) -> str:
    """Return the name in the page of a field that a rule calls `milestones[0].due_on`."""
    return name.replace("[", "-").replace("].", "-").replace("]", "").translate(_HYPHENS)


_HYPHENS = str.maketrans("_.", "--")
