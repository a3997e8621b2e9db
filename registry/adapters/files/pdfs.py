"""PDF, written anew: what is on the pages stays; what runs, hides or names its makers goes.

The document is saved from its page tree, so bytes before, between and after it are left behind.
Form fields and notes are first painted onto their pages, because the same objects can hold
scripts and authors' names.
"""

import base64
import zlib
from collections.abc import Iterator
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from registry.adapters.files.embedded import strip_jpeg, strip_jpeg2000
from registry.adapters.files.kinds import MEGABYTE, RefusalCode, Refused

MOST_PAGES = 500
MOST_OBJECTS = 200_000
LARGEST_UNWRAPPED = 100 * MEGABYTE

ROOT_KEYS = frozenset(
    {"/Type", "/Pages", "/PageLabels", "/Outlines", "/PageMode", "/Lang", "/ViewerPreferences"}
    | {"/StructTreeRoot", "/MarkInfo", "/Version", "/Dests"}
)
"""What the document's catalogue may keep; scripts, forms, files and layers are not among it."""

BANNED_KEYS = (
    *("/AA", "/OpenAction", "/JS", "/JavaScript", "/Launch", "/EmbeddedFiles", "/AF", "/EF", "/RF"),
    *("/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/OCProperties", "/AcroForm", "/XFA"),
    *("/RichMediaContent", "/RichMediaSettings", "/Movie", "/Sound", "/Collection", "/B", "/Tabs"),
    *("/PresSteps", "/Measure", "/VP", "/SpiderInfo", "/Perms", "/Legal", "/DSS", "/OPI", "/SD"),
)
"""Keys taken out of every dictionary, wherever it hangs."""

PAGE_KEYS = frozenset(
    {"/Type", "/Parent", "/Resources", "/Contents", "/MediaBox", "/CropBox", "/BleedBox"}
    | {"/TrimBox", "/ArtBox", "/Rotate", "/Group", "/StructParents", "/UserUnit", "/Annots"}
)

PICTURE_KEYS = frozenset(
    {"/Type", "/Subtype", "/Width", "/Height", "/BitsPerComponent", "/ColorSpace", "/Decode"}
    | {"/Filter", "/DecodeParms", "/Length", "/SMask", "/Mask", "/ImageMask", "/Intent"}
    | {"/Interpolate", "/SMaskInData", "/Matte", "/StructParent", "/Name"}
)

CODINGS = frozenset(
    {"/FlateDecode", "/LZWDecode", "/RunLengthDecode", "/ASCII85Decode", "/ASCIIHexDecode"}
    | {"/CCITTFaxDecode", "/JBIG2Decode", "/DCTDecode", "/JPXDecode"}
)
"""How a stream may be coded; in any other coding anything could hide."""

LINK_KEYS = frozenset({"/Type", "/Subtype", "/Rect", "/Border", "/A", "/Dest", "/StructParent"})
SAFE_SCHEMES = ("https://", "http://", "mailto:")


_BROKEN = (
    *(pikepdf.PdfError, pikepdf.DataDecodingError, zlib.error),
    *(ValueError, TypeError, KeyError, IndexError, AttributeError, RuntimeError),
)


def clean_pdf(source: Path, target: Path) -> None:
    """Write the pages of `source` to `target` without scripts, files, metadata or forms.

    Raises Refused with PASSWORD_PROTECTED, TOO_COMPLEX or UNREADABLE.
    """
    try:
        with pikepdf.open(source, suppress_warnings=True) as pdf:
            if not 1 <= len(pdf.pages) <= MOST_PAGES or len(pdf.objects) > MOST_OBJECTS:
                raise Refused(_too_few_or_many(len(pdf.pages)))
            _clean(pdf)
            pdf.save(
                target,
                deterministic_id=True,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
                compress_streams=True,
            )
    except pikepdf.PasswordError as locked:
        raise Refused(RefusalCode.PASSWORD_PROTECTED) from locked
    except _BROKEN as broken:
        raise Refused(RefusalCode.UNREADABLE) from broken


def _too_few_or_many(pages: int) -> RefusalCode:
    return RefusalCode.TOO_COMPLEX if pages else RefusalCode.UNREADABLE


def _clean(pdf: Pdf) -> None:
    pdf.generate_appearance_streams()
    pdf.flatten_annotations("screen")
    for page in pdf.pages:
        _keep_only(page.obj, PAGE_KEYS)
        _keep_links_only(page.obj)
    _keep_only(pdf.Root, ROOT_KEYS)
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    for found in _walk(pdf.Root):
        _clean_object(found)


def _keep_only(dictionary: Object, allowed: frozenset[str]) -> None:
    for key in [key for key in map(str, dictionary) if key not in allowed]:
        del dictionary[key]


def _keep_links_only(page: Object) -> None:
    """Leave of a page's annotations only plain links, and of those only what a link needs."""
    annotations = page.get("/Annots")
    if annotations is None:
        return
    kept = [
        annotation
        for annotation in annotations.as_list()
        if isinstance(annotation, Dictionary) and annotation.get("/Subtype") == Name.Link
    ]
    for link in kept:
        _keep_only(link, LINK_KEYS)
        if "/A" in link and not _is_plain_link(link.A):
            del link["/A"]
    page["/Annots"] = Array(kept)


def _is_plain_link(action: Object) -> bool:
    """Say whether an action only goes to a page of this document or to an ordinary address."""
    if not isinstance(action, Dictionary) or "/Next" in action:
        return False
    if action.get("/S") == Name.GoTo:
        return True
    return action.get("/S") == Name.URI and str(action.get("/URI", "")).startswith(SAFE_SCHEMES)


def _walk(root: Object) -> Iterator[Object]:
    """Give every dictionary and stream that can be reached from `root`, once each."""
    seen: set[tuple[int, int]] = set()
    waiting = [root]
    steps = 0
    while waiting:
        found = waiting.pop()
        steps += 1
        if steps > 50 * MOST_OBJECTS:
            raise Refused(RefusalCode.TOO_COMPLEX)
        if found.is_indirect:
            if found.objgen in seen:
                continue
            seen.add(found.objgen)
        if isinstance(found, Dictionary | Stream):
            yield found
            values = [found[key] for key in map(str, found)]
        elif isinstance(found, Array):
            values = list(found.as_list())
        else:
            continue
        waiting.extend(filter(_is_object, values))


def _is_object(value: object) -> bool:
    """Tell an object from a number or truth value, which the library gives as Python's own."""
    return isinstance(value, Object)


def _clean_object(found: Object) -> None:
    for key in BANNED_KEYS:
        if key in found:
            del found[key]
    if found.get("/Type") == Name.OCG and "/Name" in found:
        found["/Name"] = pikepdf.String("layer")
    if "/S" in found and "/URI" not in found and _runs(found):
        _keep_only(found, frozenset())
    if isinstance(found, Stream):
        if found.get("/Subtype") == Name.Image:
            _keep_only(found, PICTURE_KEYS)
        _clean_stream(found)


def _runs(found: Object) -> bool:
    """Say whether a dictionary is an action that does more than go to a page."""
    return str(found["/S"]) in {
        *("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition"),
        *(
            "/RichMediaExecute",
            "/Named",
            "/Hide",
            "/ResetForm",
            "/Thread",
            "/SetOCGState",
            "/Trans",
        ),
    }


def _clean_stream(stream: Stream) -> None:
    """Take descriptions of the photographer out of pictures kept in their own format."""
    filters = stream.get("/Filter")
    if filters is None:
        return
    names = [str(f) for f in filters.as_list()] if isinstance(filters, Array) else [str(filters)]
    if not CODINGS.issuperset(names):
        raise Refused(RefusalCode.UNREADABLE)
    strip = _STRIPPERS.get(names[-1]) if names else None
    if strip is None:
        return
    content = stream.read_raw_bytes()
    for wrapping in names[:-1]:
        content = _unwrap(content, wrapping)
    parms = stream.get("/DecodeParms")
    stream.write(
        strip(content),
        filter=Name(names[-1]),
        decode_parms=parms if isinstance(parms, Dictionary) else None,
    )


_STRIPPERS = {"/DCTDecode": strip_jpeg, "/JPXDecode": strip_jpeg2000}


def _unwrap(content: bytes, wrapping: str) -> bytes:
    """Undo one coding that a picture's own coding was wrapped in."""
    if wrapping == "/FlateDecode":
        return zlib.decompressobj().decompress(content, LARGEST_UNWRAPPED)
    if wrapping == "/ASCII85Decode":
        return base64.a85decode(content.strip().removesuffix(b"~>"))
    if wrapping == "/ASCIIHexDecode":
        return bytes.fromhex(content.decode("ascii").strip().removesuffix(">"))
    raise Refused(RefusalCode.UNREADABLE)
