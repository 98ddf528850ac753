"""Fills a Word template, the office's own when there is one, and makes a PDF of it."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from docxtpl import DocxTemplate
from jinja2.sandbox import SandboxedEnvironment

from bot.documents.aid_form import Values
from bot.errors import Refused

AID_FORM = "aid_form.docx"
_SHIPPED = Path(__file__).parent / "templates"
_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own in it, and never on the disk
_LARGEST_UNPACKED = 64 << 20
_LONGEST_WHY = 200
_PATIENCE = 90  # seconds; a first start of LibreOffice takes long on an old machine


def template_of(name: str, data: Path) -> Path:
    """The office's template under its data folder, else ours."""
    own = data / "templates" / name
    return own if own.is_file() else _SHIPPED / name


def filled_docx(template: Path, values: Values) -> bytes:
    """The document as Word opens it. Raises Refused when the office's template has a fault."""
    made = BytesIO()
    try:
        _refuse_if_huge(template)
        document = DocxTemplate(template)
        document.render(dict(values), SandboxedEnvironment(autoescape=True), autoescape=True)
        document.save(made)
    except Refused:
        raise
    except Exception as error:  # a template is a program: there is nothing that it cannot raise
        why = (str(error).strip().splitlines() or [type(error).__name__])[0][:_LONGEST_WHY]
        raise Refused(f"申请表的模板 {template.name} 用不了：{why}") from error
    return made.getvalue()


def _refuse_if_huge(template: Path) -> None:
    """A few kilobytes can unpack to more than there is memory."""
    with ZipFile(template) as parts:
        if sum(part.file_size for part in parts.infolist()) > _LARGEST_UNPACKED:
            raise Refused(f"申请表的模板 {template.name} 太大了。")


def office_program() -> str | None:
    """LibreOffice, when it is on this machine."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def as_pdf(docx: bytes, otherwise: Callable[[], bytes]) -> bytes:
    """The same document as PDF by LibreOffice; without it, or when it fails, drawn by ourselves."""
    program = office_program()
    if program is None:
        return otherwise()
    in_memory = _MEMORY if os.access(_MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="yulu-form-", dir=in_memory) as place:
        folder = Path(place)
        (folder / "form.docx").write_bytes(docx)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = [program, profile, "--headless", "--convert-to", "pdf", "form.docx"]
        try:
            subprocess.run(  # noqa: S603 - the program found above, on a file we wrote
                command, cwd=folder, capture_output=True, timeout=_PATIENCE, check=True
            )
            return (folder / "form.pdf").read_bytes()
        except (subprocess.SubprocessError, OSError):
            return otherwise()
