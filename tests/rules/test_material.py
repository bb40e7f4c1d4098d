"""Which files may be course material: told by their content."""

import io
import zipfile

import pytest

from core.rules import material as rules

HEADS = {
    "pdf": b"%PDF-1.7\n",
    "docx": b"PK\x03\x04",
    "zip": b"PK\x03\x04",
    "jpg": b"\xff\xd8\xff\xe0",
    "png": b"\x89PNG\r\n\x1a\n",
    "gif": b"GIF89a",
    "webp": b"RIFF\x00\x00\x00\x00WEBPVP8",
    "mp3": b"ID3\x04",
    "m4a": b"\x00\x00\x00\x20ftypM4A ",
    "mp4": b"\x00\x00\x00\x20ftypisom",
    "wav": b"RIFF\x00\x00\x00\x00WAVEfmt ",
    "ogg": b"OggS\x00",
    "webm": b"\x1a\x45\xdf\xa3",
    "txt": "Één zin\n".encode(),
    "csv": "naam;uren\nAn;6,5\n".encode("cp1252"),
}
NOT_THESE = (b"MZ\x90\x00\x03", b"\x7fELF\x02", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x00\x01\x02\x03")


@pytest.mark.parametrize("ending", HEADS)
def test_a_file_is_what_its_first_bytes_say(ending: str) -> None:
    kind = rules.check_name(f"les.{ending}", 10, 200)
    rules.check_head("les", kind, HEADS[ending])
    for wrong in NOT_THESE:
        with pytest.raises(rules.ContentDiffers):
            rules.check_head("les", kind, wrong)


@pytest.mark.parametrize("name", ["les.exe", "les.html", "les.svg", "les.doc", "les.docm", "les", "les.pdf.js"])
def test_what_is_not_on_the_list_does_not_come_in(name: str) -> None:
    with pytest.raises(rules.KindNotAllowed):
        rules.check_name(name, 10, 200)


@pytest.mark.parametrize(("size", "refusal"), [(0, rules.FileEmpty), (200_000_001, rules.FileTooLarge)])
def test_a_file_has_a_size(size: int, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        rules.check_name("les.pdf", size, 200)
    assert rules.check_name("les.pdf", 200_000_000, 200).media_type == "application/pdf"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\map\\les één.pdf", "les één.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("..hidden.pdf", "hidden.pdf"),
        ("les\u202efdp.exe.pdf", "lesfdp.exe.pdf"),
        ("a\x00b\r\nc.pdf", "abc.pdf"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        (".pdf", "pdf"),
    ],
)
def test_a_name_is_kept_without_what_cannot_be_seen(given: str, kept: str) -> None:
    assert rules.tidied_name(given) == kept


def test_a_name_of_nothing_is_none() -> None:
    with pytest.raises(rules.NameEmpty):
        rules.tidied_name("/ \u200b.")


def zipped(*names: str) -> io.BytesIO:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return made


@pytest.mark.parametrize(
    ("ending", "names", "refusal"),
    [
        ("docx", ("[Content_Types].xml", "word/document.xml"), None),
        ("docx", ("ppt/presentation.xml",), rules.ContentDiffers),
        ("pptx", ("ppt/presentation.xml", "ppt/vbaProject.bin"), rules.HoldsProgram),
        ("odt", ("mimetype", "content.xml", "Basic/script-lc.xml"), rules.HoldsProgram),
        ("zip", ("map/les.pdf",), None),
        ("zip", ("map/les.pdf", "map/START.EXE"), rules.HoldsProgram),
    ],
)
def test_a_zip_holds_what_it_should_and_no_programs(
    ending: str, names: tuple[str, ...], refusal: type[Exception] | None
) -> None:
    source = zipped(*names)
    assert rules.list_of_zip(source)[0] == len(names)
    listed = zipfile.ZipFile(source).namelist()
    if refusal is None:
        rules.check_entries("les", rules.KINDS[ending], listed)
        return
    with pytest.raises(refusal):
        rules.check_entries("les", rules.KINDS[ending], listed)


def test_a_zip_with_an_endless_list_is_not_opened() -> None:
    source = zipped(*(f"{number}.txt" for number in range(70)))
    source.seek(-22, 2)
    forged = bytearray(source.read())
    forged[10:12] = (60_000).to_bytes(2, "little")
    with pytest.raises(rules.TooManyEntries):
        rules.check_list("les", rules.list_of_zip(io.BytesIO(bytes(forged))))
    with pytest.raises(ValueError, match="no list"):
        rules.list_of_zip(io.BytesIO(b"PK\x03\x04 nothing more"))
