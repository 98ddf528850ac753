"""What may be shown of numbers and names."""

import pytest

from bot.rights.masking import (
    last_four,
    masked_id,
    masked_ids,
    masked_name,
    masked_phone,
    masked_text,
)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (masked_phone("13948123456"), "139****3456"),
        (masked_phone("12345"), "*****"),
        (masked_id("152222201801011234"), "**************1234"),
        (last_four("15222220180101123X"), "123X"),
        (masked_name("巴特尔"), "巴**"),
        (masked_name("李"), "*"),
        (masked_name(""), ""),
        (masked_ids("是152222201801011234。"), "是**************1234。"),
        (masked_ids("152222 20180101 123X"), "****************123X"),
        (masked_ids("13948123456，2026-11-23"), "13948123456，2026-11-23"),
        (masked_text("打 13948123456 找他，3天了"), "打 139****3456 找他，3天了"),
    ],
)
def test_masks(shown: str, expected: str) -> None:
    assert shown == expected
