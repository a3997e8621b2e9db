"""The XML inside DOCX and XLSX: parsed without trust, flattened to what a reader sees."""

import re

from lxml import etree

from registry.adapters.files.kinds import RefusalCode, Refused

_BASES = ("http://schemas.openxmlformats.org/{}/2006/main", "http://purl.oclc.org/ooxml/{}/main")
"""Each vocabulary has two names: as most programs write it, and as ISO calls it (strict)."""

_WORDS = frozenset(base.format("wordprocessingml") for base in _BASES)
_SHEETS = frozenset(base.format("spreadsheetml") for base in _BASES)

_PARSER_LIMITS = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}

DELETED_IN_DOCUMENTS = frozenset(
    {
        *("del", "moveFrom", "delText", "delInstrText", "instrText", "fldChar", "rsids", "rsid"),
        *("commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef"),
        *("moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd"),
        *("rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "trPrChange", "tcPrChange"),
        *("tblGridChange", "tblPrExChange", "numberingChange", "cellIns", "cellDel", "cellMerge"),
        *("attachedTemplate", "mailMerge", "docVars", "docVar", "saveThroughXslt", "object"),
        *("permStart", "permEnd", "trackRevisions", "documentProtection", "writeProtection"),
        *("control", "altChunk", "subDoc", "dataBinding", "proofState"),
    }
)
"""WordprocessingML elements that go with all they hold: what was struck out, comments, fields'
instructions (their last shown result stays), links to templates and data, edit sessions."""

UNWRAPPED_IN_DOCUMENTS = frozenset({"ins", "moveTo", "fldSimple", "smartTag", "customXml"})
"""Elements that go while what they hold stays: accepted insertions, fields' results."""

DELETED_IN_SHEETS = frozenset(
    {
        *(
            "f",
            "definedNames",
            "externalReferences",
            "legacyDrawing",
            "legacyDrawingHF",
            "oleObjects",
        ),
        *("controls", "customWorkbookViews", "fileSharing", "fileVersion", "webPublishing"),
        *("fileRecoveryPr", "extLst", "phoneticPr", "queryTableParts", "webPublishItems"),
        *("sheetProtection", "workbookProtection", "calculatedColumnFormula", "totalsRowFormula"),
        *("scenarios", "customSheetViews", "dataConsolidate", "pivotCaches", "smartTagPr"),
    }
)
"""SpreadsheetML elements that go: formulas (their last shown value stays), names for them, outside
links, embedded things, saved views and extensions."""

DELETED_ANYWHERE = frozenset({"absPath", "revisionPtr"})
"""Elements of any vocabulary that go: the folder a file was saved in, links to its revisions."""

EMPTY_NEVER = frozenset({"hyperlinks", "tableParts", "drawing"})
"""Lists that office programs refuse when nothing is left in them."""

_SIGNED = frozenset({"author", "initials", "lastModifiedBy", "userName", "date", "dateUtc"})
_NAMED_AFTER_FILES = frozenset({"cNvPr", "docPr"})
"""Elements whose name is often that of the file a picture came from."""

_EDIT_SESSION = re.compile(r"rsid\w*|paraId|textId|durableId")


def parse_part(content: bytes) -> etree._Element:
    """Return the root element of a part.

    Raises Refused with UNREADABLE if it does not parse or brings a document type of its own,
    which office programs never write and entity bombs need.
    """
    parser = etree.XMLParser(**_PARSER_LIMITS)  # type: ignore[arg-type] # a table of booleans
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as broken:
        raise Refused(RefusalCode.UNREADABLE) from broken
    if root.getroottree().docinfo.internalDTD is not None:
        raise Refused(RefusalCode.UNREADABLE)
    return root


def write_part(root: etree._Element) -> bytes:
    """Return a part as it stands in a container."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def flatten_document(root: etree._Element) -> None:
    """Leave of a WordprocessingML part what a reader sees with all changes accepted."""
    _flatten(root, _WORDS, DELETED_IN_DOCUMENTS, UNWRAPPED_IN_DOCUMENTS)


def flatten_sheets(root: etree._Element) -> None:
    """Leave of a SpreadsheetML part the values and their looks."""
    _flatten(root, _SHEETS, DELETED_IN_SHEETS, frozenset())


def drop_users(root: etree._Element, *, attributes: frozenset[str], ids: frozenset[str]) -> None:
    """Take out every element that has one of `ids` in an attribute of one of these namespaces.

    The words of a link stay where the link goes.
    """
    for element in list(root.iter(etree.Element)):
        used = {value for key, value in element.attrib.items() if _space(key) in attributes}
        parent = element.getparent()
        if parent is None or not ids.intersection(map(str, used)):
            continue
        if len(element):
            _unwrap(element, parent)
        else:
            parent.remove(element)
        above = parent.getparent()
        if above is not None and not len(parent) and _local(parent.tag) in EMPTY_NEVER:
            above.remove(parent)


def _flatten(
    root: etree._Element, spaces: frozenset[str], deleted: frozenset[str], unwrapped: frozenset[str]
) -> None:
    for element in list(root.iter(etree.Element)):
        parent, local = element.getparent(), _local(element.tag)
        ours = _space(element.tag) in spaces
        if parent is not None and (local in DELETED_ANYWHERE or (ours and local in deleted)):
            parent.remove(element)
        elif parent is not None and ours and local in unwrapped:
            _unwrap(element, parent)
        else:
            _forget_people(element)


def _unwrap(element: etree._Element, parent: etree._Element) -> None:
    """Put the children of `element` in its place; its own properties go."""
    at = parent.index(element)
    parent[at : at + 1] = [child for child in element if not _local(child.tag).endswith("Pr")]


def _forget_people(element: etree._Element) -> None:
    """Take the attributes out that say who edited when, or what a picture's file was called."""
    for key in list(element.attrib):
        local = _local(key)
        if local in _SIGNED or _EDIT_SESSION.fullmatch(local):
            del element.attrib[key]
    if _local(element.tag) in _NAMED_AFTER_FILES and "name" in element.attrib:
        element.set("name", "")


def _local(name: str | bytes) -> str:
    return etree.QName(name).localname


def _space(name: str | bytes) -> str:
    return etree.QName(name).namespace or ""
