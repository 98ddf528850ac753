"""Papers an officer puts with a record."""

from bot.web.changes.form import Change, Field, Options, text
from flows import commands as c

_DOCUMENTS: Options = (
    ("evidence", "照片或文件"),
    ("approval", "批准文件"),
    ("visit", "家访照片"),
)

CHANGES: tuple[Change, ...] = (
    Change(
        "papers",
        "上传材料",
        c.KeepPaper,
        lambda r, v, f: c.KeepPaper(r, v, text(f, "document")),
        (
            Field("document", "是什么", "choice", True, _DOCUMENTS),
            Field("files", "照片或 PDF", "file", True),
        ),
    ),
)
