"""Mistakes in the settings, said in words to the technician; never a value, it may be a secret."""

from collections.abc import Iterator

from pydantic import ValidationError

_WORDS = {
    "string_pattern_mismatch": "应符合 {pattern}",
    "extra_forbidden": "没有这个设置，请检查拼写",
    "int_parsing": "要填整数",
    "int_type": "要填整数",
    "int_from_float": "要填整数",
    "float_parsing": "要填数字",
    "float_type": "要填数字",
    "string_type": "要填文字（代码请加引号）",
    "string_too_long": "太长了，最多 {max_length} 个字",
    "model_type": "下面要有内容，一行一项，例如 port: 8000",
    "tuple_type": '要写成一列，例如 ["a", "b"]',
    "enum": "只能是 {expected}",
    "literal_error": "只能是 {expected}",
    "greater_than": "要大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
}


def in_words(error: ValidationError) -> Iterator[str]:
    """One sentence a mistake."""
    for mistake in error.errors(include_input=False, include_url=False):
        where = ".".join(str(part) for part in mistake["loc"])
        limits = {key: str(value).replace(" or ", "、") for key, value in _limits(mistake).items()}
        known = _WORDS.get(mistake["type"])
        said = known.format(**limits) if known else mistake["msg"].removeprefix("Value error, ")
        yield f"设置 {where}：{said}。"


def _limits(mistake: object) -> dict[str, object]:
    found = mistake.get("ctx") if isinstance(mistake, dict) else None
    return dict(found or {})
