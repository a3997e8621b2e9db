"""DOCX and XLSX, written anew part by part.

Only parts of known content types are carried over. The list of contents, the relations between
parts and the parts themselves are kept in step: a part left out takes its relations with it, and
a relation left out takes the elements that use it.
"""

import posixpath
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from lxml import etree
from PIL import Image

from registry.adapters.files.containers import Container, is_container, open_container
from registry.adapters.files.kinds import FileKind, RefusalCode, Refused
from registry.adapters.files.markup import (
    drop_users,
    flatten_document,
    flatten_sheets,
    parse_part,
    write_part,
)
from registry.adapters.files.pictures import repaint

_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_USES = frozenset(
    {
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "http://purl.oclc.org/ooxml/officeDocument/relationships",
    }
)
_OPEN = "application/vnd.openxmlformats-officedocument."

MAIN_PARTS = {
    f"{_OPEN}wordprocessingml.document.main+xml": FileKind.DOCX,
    f"{_OPEN}spreadsheetml.sheet.main+xml": FileKind.XLSX,
}

MACRO_MARKS = ("macroenabled", "vbaproject", "macrosheet", "vbadata", "activex", "dialogsheet")
"""A content type or part name that holds one of these belongs to a file that runs."""

RELATIONS = "application/vnd.openxmlformats-package.relationships+xml"

_WORD = ("document.main", "styles", "settings", "webSettings", "fontTable", "numbering")
_WORD_PAGES = ("header", "footer", "footnotes", "endnotes")
_SHEET = ("sheet.main", "worksheet", "chartsheet", "styles", "sharedStrings", "table")
_DRAWN = (
    *("theme+xml", "themeOverride+xml", "drawing+xml", "drawingml.chart+xml"),
    *("drawingml.chartshapes+xml", "drawingml.diagramData+xml", "drawingml.diagramLayout+xml"),
    *("drawingml.diagramStyle+xml", "drawingml.diagramColors+xml"),
)
KEPT_TYPES = frozenset(
    {f"{_OPEN}wordprocessingml.{part}+xml" for part in (*_WORD, *_WORD_PAGES)}
    | {f"{_OPEN}spreadsheetml.{part}+xml" for part in _SHEET}
    | {f"{_OPEN}{part}" for part in _DRAWN}
)
"""Content types of the XML parts that a safe copy may hold. Comments, properties, embedded
files, outside links, queries, printer settings and everything unknown are not among them."""

PICTURES = {"png": "PNG", "jpeg": "JPEG", "jpg": "JPEG", "gif": "PNG", "bmp": "PNG", "tiff": "PNG"}
"""Extensions of pictures inside documents, and what each is painted anew as."""

_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The one date every entry of a safe copy carries."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is carried over: content type by part name, pictures, and what kind of file it is."""

    kind: FileKind
    parts: dict[str, str]
    pictures: frozenset[str]

    def keeps(self, name: str) -> bool:
        """Say whether the part called `name` will be in the copy."""
        return name in self.parts or name in self.pictures


def clean_office(source: Path, target: Path) -> FileKind:
    """Write the document or workbook `source` anew as `target`; return which of the two it is.

    Raises Refused with HAS_MACROS, PASSWORD_PROTECTED, WRONG_TYPE, TOO_COMPLEX or UNREADABLE.
    """
    with open_container(source) as container:
        plan = _plan(container)
        cleaned = {name: _clean_part(container, name, plan) for name in sorted(plan.parts)}
        cleaned |= {name: _clean_picture(container, name) for name in sorted(plan.pictures)}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in {"[Content_Types].xml": _contents(plan), **cleaned}.items():
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(entry, content)
    return plan.kind


def _plan(container: Container) -> Plan:
    names = container.names
    if "[Content_Types].xml" not in names:
        raise Refused(RefusalCode.WRONG_TYPE)
    listing = parse_part(container.read("[Content_Types].xml"))
    types = _types_by_part(listing, names)
    if any(mark in said.lower() for said in (*types.values(), *names) for mark in MACRO_MARKS):
        raise Refused(RefusalCode.HAS_MACROS)
    kinds = {MAIN_PARTS[said] for said in types.values() if said in MAIN_PARTS}
    if len(kinds) != 1:
        raise Refused(RefusalCode.WRONG_TYPE)
    kept = {name: said for name, said in types.items() if said in KEPT_TYPES}
    relations = {
        name: RELATIONS
        for name in names
        if name.endswith(".rels") and (_owner(name) in kept or name == "_rels/.rels")
    }
    pictures = frozenset(
        name for name in names if "/media/" in name and _extension(name) in PICTURES
    )
    return Plan(kinds.pop(), kept | relations, pictures)


def _types_by_part(listing: etree._Element, names: list[str]) -> dict[str, str]:
    """Return the content type of each part, from the container's own list of contents."""
    defaults = {
        entry.get("Extension", "").lower(): entry.get("ContentType", "")
        for entry in listing.iter(f"{_TYPES}Default")
    }
    overrides = {
        entry.get("PartName", "").lstrip("/"): entry.get("ContentType", "")
        for entry in listing.iter(f"{_TYPES}Override")
    }
    return {name: overrides.get(name, defaults.get(_extension(name), "")) for name in names}


def _extension(name: str) -> str:
    return posixpath.splitext(name)[1].lstrip(".").lower()


def _owner(relations: str) -> str:
    """Return the part whose relations `relations` lists: a/_rels/b.xml.rels belongs to a/b.xml."""
    folder, file = posixpath.split(relations)
    return posixpath.join(posixpath.dirname(folder), file.removesuffix(".rels"))


def _clean_part(container: Container, name: str, plan: Plan) -> bytes:
    content = container.read(name)
    if is_container(content):
        raise Refused(RefusalCode.TOO_COMPLEX)
    root = parse_part(content)
    if plan.parts[name] == RELATIONS:
        for relation in _dropped_relations(root, name, plan):
            root.remove(relation)
        return write_part(root)
    drop_users(root, attributes=_USES, ids=_dropped_ids(container, name, plan))
    flatten = flatten_document if plan.kind is FileKind.DOCX else flatten_sheets
    flatten(root)
    return write_part(root)


def _dropped_ids(container: Container, name: str, plan: Plan) -> frozenset[str]:
    """Return the ids by which a part refers to something that is not carried over."""
    folder, file = posixpath.split(name)
    relations = posixpath.join(folder, "_rels", f"{file}.rels")
    if relations not in plan.parts:
        return frozenset()
    root = parse_part(container.read(relations))
    return frozenset(
        relation.get("Id", "") for relation in _dropped_relations(root, relations, plan)
    )


def _dropped_relations(root: etree._Element, name: str, plan: Plan) -> list[etree._Element]:
    """Return the relations that lead out of the file or to something not carried over."""
    base = posixpath.dirname(_owner(name))
    return [relation for relation in root.iter(_RELATION) if not _stays(relation, base, plan)]


def _stays(relation: etree._Element, base: str, plan: Plan) -> bool:
    target = relation.get("Target", "")
    if relation.get("TargetMode") == "External":
        is_link = relation.get("Type", "").endswith("/hyperlink")
        return is_link and target.lower().startswith(("https://", "http://", "mailto:"))
    absolute = target.lstrip("/") if target.startswith("/") else posixpath.join(base, target)
    return plan.keeps(posixpath.normpath(absolute))


def _clean_picture(container: Container, name: str) -> bytes:
    """Paint a picture inside a document anew; one that cannot be read becomes a blank."""
    extension = _extension(name)
    try:
        return repaint(container.read(name), as_format=PICTURES[extension])
    except Refused as refused:
        if refused.code is not RefusalCode.UNREADABLE:
            raise
    blank = BytesIO()
    Image.new("L", (1, 1), 255).save(blank, format=PICTURES[extension])
    return blank.getvalue()


def _contents(plan: Plan) -> bytes:
    """Return the list of contents of the copy."""
    listing = etree.fromstring(f'<Types xmlns="{_TYPES.strip("{}")}"/>')
    etree.SubElement(listing, f"{_TYPES}Default", Extension="rels", ContentType=RELATIONS)
    for extension in sorted({_extension(name) for name in plan.pictures}):
        said = f"image/{PICTURES[extension].lower()}"
        etree.SubElement(listing, f"{_TYPES}Default", Extension=extension, ContentType=said)
    for name, said in sorted(plan.parts.items()):
        if said != RELATIONS:
            etree.SubElement(listing, f"{_TYPES}Override", PartName=f"/{name}", ContentType=said)
    return write_part(listing)
