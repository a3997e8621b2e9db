"""What a stranger sends comes out safe or not at all."""

import csv
import io
import zipfile
import zlib
from pathlib import Path

import docx
import openpyxl
import pikepdf
import pytest
from PIL import Image

from registry.adapters.files.cleaning import clean
from registry.adapters.files.kinds import FileKind, RefusalCode, Refused
from tests.registry.adapters.files.samples import (
    CANARY,
    PDF_TRICKS,
    SHOWN,
    pdf,
    picture,
    rewrite,
    word,
    workbook,
)


def cleaned(content: bytes, folder: Path, *, name: str = "") -> tuple[FileKind, bytes]:
    """Clean in this process; the jail has its own tests."""
    source, target = folder / "original", folder / "safe"
    source.write_bytes(content)
    return clean(source, target, name=name), target.read_bytes()


def refusal(content: bytes, folder: Path) -> RefusalCode:
    with pytest.raises(Refused) as refused:
        cleaned(content, folder)
    return refused.value.code


def every_byte(content: bytes) -> bytes:
    """Return `content` with everything packed inside it unpacked beside it."""
    unpacked = [content]
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as container:
            unpacked += [name.encode() + container.read(name) for name in container.namelist()]
    if content.startswith(b"%PDF"):
        with pikepdf.open(io.BytesIO(content)) as document:
            for found in document.objects:
                unpacked.append(repr(found).encode())
                if isinstance(found, pikepdf.Stream):
                    unpacked += [found.read_raw_bytes(), _decoded(found)]
    return b"\n".join(unpacked)


def _decoded(stream: pikepdf.Stream) -> bytes:
    try:
        return stream.read_bytes()
    except pikepdf.PdfError:
        return b""


IDENTIFYING = {
    "a PNG": picture("PNG"),
    "a JPEG": picture("JPEG"),
    "a HEIC": picture("HEIF"),
    "a document": word(),
    "a workbook": workbook(),
    **{f"a PDF with a {trick}": pdf(**{trick: True}) for trick in PDF_TRICKS},
}


class TestNothingIdentifyingRemains:
    @pytest.mark.parametrize("sample", IDENTIFYING)
    def test_in(self, sample: str, tmp_path: Path) -> None:
        original = IDENTIFYING[sample]
        assert CANARY.encode() in every_byte(original)
        _, copy = cleaned(original, tmp_path)
        everything = every_byte(copy)
        for form in (CANARY.encode(), CANARY.encode("utf-16-le"), CANARY.encode("utf-16-be")):
            assert form not in everything
        assert CANARY.encode().hex().encode() not in everything.lower()


def _redness(shown: Image.Image, down: int) -> bool:
    """Say whether the pixel so far down the middle is rather red than blue."""
    pixel = shown.convert("RGB").getpixel((20, down))
    assert isinstance(pixel, tuple)
    return pixel[0] > pixel[2]


class TestPictures:
    @pytest.mark.parametrize(
        ("made_as", "kind", "shown_as"),
        [("PNG", "png", "PNG"), ("JPEG", "jpg", "JPEG"), ("HEIF", "heic", "JPEG")],
    )
    def test_are_painted_anew(self, made_as: str, kind: str, shown_as: str, tmp_path: Path) -> None:
        found, copy = cleaned(picture(made_as), tmp_path)
        with Image.open(io.BytesIO(copy)) as shown:
            assert (found, shown.format, shown.size) == (FileKind(kind), shown_as, (60, 40))
            assert not shown.getexif()

    @pytest.mark.parametrize("made_as", ["PNG", "JPEG"])
    def test_are_turned_upright(self, made_as: str, tmp_path: Path) -> None:
        _, copy = cleaned(picture(made_as, turned=True), tmp_path)
        with Image.open(io.BytesIO(copy)) as shown:
            assert shown.size == (40, 60)
            assert (_redness(shown, 5), _redness(shown, 55)) == (False, True)

    def test_in_heic_are_turned_as_the_container_says_and_not_twice(self, tmp_path: Path) -> None:
        _, copy = cleaned(picture("HEIF", turned=True), tmp_path)
        with Image.open(io.BytesIO(copy)) as shown:
            assert shown.size == (60, 40)

    def test_are_scaled_down(self, tmp_path: Path) -> None:
        _, copy = cleaned(picture("JPEG", size=(6000, 300)), tmp_path)
        with Image.open(io.BytesIO(copy)) as shown:
            assert shown.size == (4096, 205)

    @pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
    def test_of_every_make_are_taken(self, mode: str, tmp_path: Path) -> None:
        out = io.BytesIO()
        Image.new(mode, (8, 8)).save(out, "PNG")
        assert cleaned(out.getvalue(), tmp_path)[0] is FileKind.PNG

    def test_in_printers_colours_are_taken(self, tmp_path: Path) -> None:
        out = io.BytesIO()
        Image.new("CMYK", (8, 8)).save(out, "JPEG")
        assert cleaned(out.getvalue(), tmp_path)[0] is FileKind.JPEG

    def test_flooding_with_pixels_are_refused_before_they_are_read(self, tmp_path: Path) -> None:
        header = bytearray(picture("PNG"))
        header[16:24] = (60_000).to_bytes(4, "big") * 2
        header[29:33] = zlib.crc32(bytes(header[12:29])).to_bytes(4, "big")
        assert refusal(bytes(header), tmp_path) is RefusalCode.PICTURE_TOO_LARGE

    @pytest.mark.parametrize("kind", ["PNG", "JPEG", "HEIF"])
    def test_cut_short_are_refused(self, kind: str, tmp_path: Path) -> None:
        assert refusal(picture(kind)[:-60], tmp_path) is RefusalCode.UNREADABLE

    @pytest.mark.parametrize("kind", ["GIF", "TIFF", "BMP", "WEBP"])
    def test_of_other_kinds_are_refused(self, kind: str, tmp_path: Path) -> None:
        out = io.BytesIO()
        Image.new("RGB", (8, 8)).save(out, kind)
        assert refusal(out.getvalue(), tmp_path) is RefusalCode.WRONG_TYPE

    def test_that_are_also_containers_lose_the_container(self, tmp_path: Path) -> None:
        _, copy = cleaned(picture("JPEG") + word(), tmp_path)
        assert not zipfile.is_zipfile(io.BytesIO(copy))


class TestPdf:
    def test_keeps_what_is_on_its_pages(self, tmp_path: Path) -> None:
        kind, copy = cleaned(pdf(), tmp_path)
        assert kind is FileKind.PDF
        assert SHOWN.encode() in every_byte(copy)

    def test_keeps_ordinary_links_only(self, tmp_path: Path) -> None:
        _, copy = cleaned(pdf(launch=True), tmp_path)
        everything = every_byte(copy)
        assert b"https://harbour.example/" in everything
        assert b"/Launch" not in everything

    @pytest.mark.parametrize("trick", ["script", "form", "attachment", "layer"])
    def test_has_nothing_left_that_runs_or_hides(self, trick: str, tmp_path: Path) -> None:
        _, copy = cleaned(pdf(**{trick: True}), tmp_path)
        everything = every_byte(copy)
        for key in (b"/JS", b"/JavaScript", b"/OpenAction", b"/AA", b"/EmbeddedFile", b"/XFA"):
            assert key not in everything
        assert b"/OCProperties" not in everything

    def test_with_a_password_is_refused(self, tmp_path: Path) -> None:
        assert refusal(pdf(locked=True), tmp_path) is RefusalCode.PASSWORD_PROTECTED

    def test_that_only_forbids_copying_is_taken(self, tmp_path: Path) -> None:
        assert cleaned(pdf(owned=True), tmp_path)[0] is FileKind.PDF

    @pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"%PDF-1.7\n" + b"x" * 900, pdf()[:300]])
    def test_that_is_none_inside_is_refused(self, content: bytes, tmp_path: Path) -> None:
        assert refusal(content, tmp_path) is RefusalCode.UNREADABLE

    def test_without_pages_is_refused(self, tmp_path: Path) -> None:
        out = io.BytesIO()
        pikepdf.new().save(out)
        assert refusal(out.getvalue(), tmp_path) is RefusalCode.UNREADABLE

    def test_with_too_many_pages_is_refused(self, tmp_path: Path) -> None:
        made, out = pikepdf.new(), io.BytesIO()
        for _ in range(501):
            made.add_blank_page()
        made.save(out)
        assert refusal(out.getvalue(), tmp_path) is RefusalCode.TOO_COMPLEX

    def test_that_is_also_a_page_of_script_loses_it(self, tmp_path: Path) -> None:
        _, copy = cleaned(pdf() + b"<script>alert(1)</script>", tmp_path)
        assert b"<script>" not in every_byte(copy)


class TestWord:
    def test_still_opens_and_says_what_was_agreed(self, tmp_path: Path) -> None:
        kind, copy = cleaned(word(), tmp_path)
        shown = docx.Document(io.BytesIO(copy))
        text = "\n".join(paragraph.text for paragraph in shown.paragraphs)
        assert kind is FileKind.DOCX
        assert SHOWN in text
        assert "agreed" in text
        assert "kept" in text
        assert len(shown.inline_shapes) == 1

    def test_has_no_template_on_another_machine(self, tmp_path: Path) -> None:
        relation = (
            b'<Relationship Id="rId99" TargetMode="External" Target="https://elsewhere.example/'
            b'x.dotm" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
            b'attachedTemplate"/></Relationships>'
        )
        hostile = rewrite(
            word(),
            {
                "word/_rels/document.xml.rels": lambda rels: rels.replace(
                    b"</Relationships>", relation
                )
            },
        )
        assert b"elsewhere.example" not in every_byte(cleaned(hostile, tmp_path)[1])

    def test_keeps_the_words_of_a_link_that_may_not_stay(self, tmp_path: Path) -> None:
        relation = (
            b'<Relationship Id="rId98" TargetMode="External" Target="file:///home/someone/x" '
            b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"'
            b"/></Relationships>"
        )
        link = b'<w:p><w:hyperlink r:id="rId98"><w:r><w:t>our notes</w:t></w:r></w:hyperlink></w:p>'
        hostile = rewrite(
            word(),
            {
                "word/_rels/document.xml.rels": lambda rels: rels.replace(
                    b"</Relationships>", relation
                ),
                "word/document.xml": lambda xml: xml.replace(b"</w:body>", link + b"</w:body>"),
            },
        )
        everything = every_byte(cleaned(hostile, tmp_path)[1])
        assert b"our notes" in everything
        assert b"rId98" not in everything

    def test_with_macros_is_refused(self, tmp_path: Path) -> None:
        by_part = rewrite(word(), {}, add={"word/vbaProject.bin": b"\xcc\x61"})
        by_type = rewrite(
            word(),
            {
                "[Content_Types].xml": lambda types: types.replace(
                    b"openxmlformats-officedocument.wordprocessingml.document.main",
                    b"ms-word.document.macroEnabled.main",
                )
            },
        )
        assert refusal(by_part, tmp_path) is RefusalCode.HAS_MACROS
        assert refusal(by_type, tmp_path) is RefusalCode.HAS_MACROS

    def test_with_a_password_is_refused(self, tmp_path: Path) -> None:
        wrapped = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600 + "EncryptedPackage".encode("u16")
        assert refusal(wrapped, tmp_path) is RefusalCode.PASSWORD_PROTECTED

    def test_of_the_old_kind_is_refused(self, tmp_path: Path) -> None:
        old = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600 + "WordDocument".encode("utf-16-le")
        assert refusal(old, tmp_path) is RefusalCode.WRONG_TYPE

    def test_with_entities_of_its_own_is_refused(self, tmp_path: Path) -> None:
        bomb = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
        hostile = rewrite(word(), {"word/document.xml": lambda _: bomb})
        assert refusal(hostile, tmp_path) is RefusalCode.UNREADABLE

    def test_leaves_embedded_files_behind(self, tmp_path: Path) -> None:
        hostile = rewrite(word(), {}, add={"word/embeddings/inner.xlsx": workbook()})
        with zipfile.ZipFile(io.BytesIO(cleaned(hostile, tmp_path)[1])) as copy:
            assert not [name for name in copy.namelist() if "embed" in name]

    def test_hiding_a_container_as_a_part_is_refused(self, tmp_path: Path) -> None:
        hostile = rewrite(word(), {"word/styles.xml": lambda _: workbook()})
        assert refusal(hostile, tmp_path) is RefusalCode.TOO_COMPLEX


class TestWorkbook:
    def test_keeps_its_values_and_loses_its_formulas(self, tmp_path: Path) -> None:
        kind, copy = cleaned(workbook(), tmp_path)
        sheet = openpyxl.load_workbook(io.BytesIO(copy)).active
        assert kind is FileKind.XLSX
        assert sheet is not None
        assert [sheet["A1"].value, sheet["A2"].value] == [SHOWN, None]
        assert b"WEBSERVICE" not in every_byte(copy)


def bomb(size: int) -> bytes:
    return rewrite(word(), {}, add={"word/media/zeros.png": b"\0" * size})


class TestContainers:
    def test_that_unpack_to_far_more_are_refused(self, tmp_path: Path) -> None:
        assert refusal(bomb(60_000_000), tmp_path) is RefusalCode.TOO_COMPLEX

    def test_that_lie_about_their_size_are_refused(self, tmp_path: Path) -> None:
        content = bytearray(bomb(60_000_000))
        said = (60_000_000).to_bytes(4, "little")
        while (at := content.find(said)) >= 0:
            content[at : at + 4] = (1_000).to_bytes(4, "little")
        assert refusal(bytes(content), tmp_path) is RefusalCode.UNREADABLE

    def test_with_thousands_of_entries_are_refused(self, tmp_path: Path) -> None:
        many = rewrite(word(), {}, add={f"x/{n}": b"" for n in range(2_001)})
        assert refusal(many, tmp_path) is RefusalCode.TOO_COMPLEX

    @pytest.mark.parametrize("name", ["../out.xml", "/etc/out.xml", "a\\..\\out.xml"])
    def test_with_climbing_names_are_refused(self, name: str, tmp_path: Path) -> None:
        assert refusal(rewrite(word(), {}, add={name: b""}), tmp_path) is RefusalCode.UNREADABLE

    def test_of_no_office_program_are_refused(self, tmp_path: Path) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as made:
            made.writestr("notes.txt", "notes")
        assert refusal(out.getvalue(), tmp_path) is RefusalCode.WRONG_TYPE

    def test_with_locked_entries_are_refused(self, tmp_path: Path) -> None:
        locked = bytearray(word())
        at = -1
        while (at := locked.find(b"PK\x01\x02", at + 1)) >= 0:
            locked[at + 8] |= 1
        assert refusal(bytes(locked), tmp_path) is RefusalCode.PASSWORD_PROTECTED


class TestText:
    def test_is_told_from_a_table(self, tmp_path: Path) -> None:
        assert cleaned(b"Dear all,\nwe met.\n", tmp_path)[0] is FileKind.TXT
        assert cleaned(b"who,hours\npanel,3\n", tmp_path)[0] is FileKind.CSV
        assert cleaned(b"just one line\n", tmp_path, name="Hours.CSV")[0] is FileKind.CSV
        assert cleaned(b"BMI,hours\n22,3\n", tmp_path)[0] is FileKind.CSV

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
    def test_in_any_common_writing_comes_out_as_utf_8(self, encoding: str, tmp_path: Path) -> None:
        _, copy = cleaned("caf\u00e9, \u00a312\n".encode(encoding), tmp_path)
        assert copy == "caf\u00e9, \u00a312\n".encode()

    def test_loses_marks_that_reorder_it(self, tmp_path: Path) -> None:
        assert cleaned("paid\u202e 01 \u202cin full".encode(), tmp_path)[1] == b"paid 01 in full"

    def test_cells_that_begin_a_formula_are_disarmed(self, tmp_path: Path) -> None:
        starts = ["=1", "+1+1", "-2+3", "@SUM(A1)", " =1", "\uff1d1", "\t=1", "|x", "%0"]
        plain = ["-3.5", "+44", "1,200", "-12%", "a=b", "", "12 March"]
        out = io.StringIO()
        csv.writer(out).writerows([[cell, "x"] for cell in starts + plain])
        _, copy = cleaned(out.getvalue().encode(), tmp_path, name="x.csv")
        rows = [row[0] for row in csv.reader(io.StringIO(copy.decode(), newline=""))]
        assert rows == [f"'{cell}" for cell in starts] + plain

    @pytest.mark.parametrize(
        "content",
        [
            b"<html><script>alert(1)</script>",
            b"\xef\xbb\xbf <svg xmlns='http://www.w3.org/2000/svg' onload='x'/>",
            b"{\\rtf1 hello}",
            b"%!PS-Adobe-3.0",
            b"#!/bin/sh\n",
            b"MZ" + b"\0" * 200,
            b"\x7fELF" + b"\0" * 200,
            b"notes\x00notes",
            b"notes" * 20_000 + b"\x00",
            b"\xff\xfe\x00\xd8",
            b"\x1b[31mred",
            b"\x81\x8d\x8f",
        ],
    )
    def test_that_is_something_else_is_refused(self, content: bytes, tmp_path: Path) -> None:
        assert refusal(content, tmp_path) is RefusalCode.WRONG_TYPE

    def test_of_nothing_is_refused(self, tmp_path: Path) -> None:
        assert refusal(b"", tmp_path) is RefusalCode.EMPTY

    def test_with_an_endless_cell_is_refused(self, tmp_path: Path) -> None:
        endless = b"a,b\n" + b'"' + b"x" * 200_000
        with pytest.raises(Refused):
            cleaned(endless, tmp_path, name="x.csv")
