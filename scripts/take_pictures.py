"""Takes the README's pictures with the real service: `.venv/bin/python -m scripts.take_pictures`.

Needs Chromium and Chinese fonts; plays the journey of tests/web/test_whole_application.py.
"""

import asyncio
import io
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from playwright.async_api import Page

from tests.web import test_whole_application as journey

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
COLOURS = 64
WANTED = {
    "chat-start",
    "chat-choices",
    "chat-photo",
    "chat-summary",
    "chat-confirm",
    "chat-filed",
    "narrow-choices",
    "desk-list",
    "desk-record",
    "desk-phone-list",
}
"""The moments the README shows."""


class Camera:
    """Saves what a page shows, small enough for a README."""

    def __init__(self, name: str) -> None:
        self._name = name

    async def __call__(self, page: Page, moment: str) -> None:
        """Called at each moment of the journey."""
        await self._save(page, moment)
        if moment == "summary":
            await page.locator("#scroll").evaluate("it => it.scrollTo(0, it.scrollHeight)")
            await self._save(page, "confirm")

    async def _save(self, page: Page, moment: str) -> None:
        if f"{self._name}-{moment}" not in WANTED:
            return
        await page.wait_for_timeout(300)
        shot = await page.screenshot(animations="disabled")
        path = PICTURES / f"{self._name}-{moment}.png"
        picture = Image.open(io.BytesIO(shot)).convert("RGB")
        picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
        print(f"{path.name}  {picture.width}x{picture.height}  {path.stat().st_size // 1024} KB")


def invented_paper(path: Path) -> None:
    """A page that is clearly nobody's register."""
    paper = Image.new("RGB", (1200, 900), "#efe6d2")
    draw = ImageDraw.Draw(paper)
    draw.rectangle((60, 60, 1140, 840), outline="#8a7550", width=6)
    draw.text((330, 120), "常住人口登记卡", font=ImageFont.truetype(FONT, 76), fill="#5b4a2c")
    draw.text((470, 230), "（样张）", font=ImageFont.truetype(FONT, 64), fill="#a3281c")
    for row in range(5):
        draw.line((60, 340 + row * 100, 1140, 340 + row * 100), fill="#8a7550", width=3)
    paper.save(path, "JPEG", quality=88)


async def main() -> None:
    """A wide and a narrow phone file, then the desk is looked at."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    errors: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        paper = Path(folder) / "paper.jpg"
        invented_paper(paper)
        with journey.running_service(Path(folder) / "data") as service:
            async with journey.chromium() as browser:
                phone = await journey.open_page(browser, errors, 390, 844, scale=1.5)
                reference = await journey.file_an_application(
                    phone, service.url, paper, Camera("chat")
                )
                desk = await journey.open_page(browser, errors, 1366, 768)
                await journey.see_the_record(desk, service, reference, Camera("desk"))
                small = await journey.open_page(browser, errors, 390, 844)
                await journey.see_the_record(small, service, reference, Camera("desk-phone"))
        # The same child told of twice in one place would be joined: the narrow phone has its own.
        with journey.running_service(Path(folder) / "other") as service:
            async with journey.chromium() as browser:
                narrow = await journey.open_page(browser, errors, 320, 640, scale=1.5)
                await journey.file_an_application(narrow, service.url, paper, Camera("narrow"))
    print("\n".join(errors) or "no console errors")


if __name__ == "__main__":
    asyncio.run(main())
