"""How people say days: the patterns, in order, each with its reading from `date_readings`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nlu import date_readings as reading
from nlu import feasts
from nlu.numerals import NUMBER

YEAR = (
    r"(?:(?P<year>大前年|前年|头年|去年|今年|明年|来年|后年|(?<!\d)(?:\d{4}|2\d)年|[一二][〇零一二三四五六七八九]{3}年)"
    r"的?\s*)?"
)
_MONTH = (
    r"(?<![\d一二三四五六七八九十个.])(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月"
)
_DAY = (
    r"(?P<day>[0-3]?\d|[二三]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|[一二三四五六七八九])"
)
_HAN_DAY = "(?:[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_NOT_A_DAY = r"(?![\d键楼院线码房桌机地井牌嘎村屯路门室馆店厅厂])"


@dataclass(frozen=True)
class Rule:
    """A pattern and its reading; `is_vague` when the day it yields is only a guess.

    Whatever the pattern matches holds at least one character of `needs`: looking for those first
    is much faster than trying some forty patterns on a text that names no day.
    """

    pattern: re.Pattern[str]
    read: reading.Reading
    needs: frozenset[str]
    is_vague: bool = False


_COUNT = rf"(?:(?P<half>半)|(?P<count>{NUMBER}))(?:[多来几])?\s*"
_UNIT = r"(?P<unit>天|周|个?星期|个?礼拜|个月|年)"
_MEASURE = r"(?:个(?P<more>半)(?=月)|个(?=[多来]?月|半月))?[多来]?"
_STRETCH = rf"{_COUNT}{_MEASURE}{_UNIT.replace('个月', '个?月')}"
STRETCH = re.compile(rf"(?<![\d第]){_STRETCH}(?!级|级|代|生|纪|龄)")


def _either(words: dict[str, tuple[int, int]]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


def _rule(needs: str, pattern: str, read: reading.Reading, is_vague: bool = False) -> Rule:
    return Rule(re.compile(pattern), read, frozenset(needs), is_vague)


def _initials(words: Iterable[str]) -> str:
    return "".join(word[0] for word in words)


RULES: tuple[Rule, ...] = (
    _rule("月", r"(?<!\d)(\d{4}|2\d)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?", reading.full),
    _rule(
        "-/.", r"(?<![\d.-])(\d{4})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{1,2})(?![\d.-])", reading.full
    ),
    _rule(
        "正腊冬",
        rf"{YEAR}(?:农历|阴历|旧历)?(?P<month>[正腊冬])月初?{_DAY}",
        feasts.lunar_month_day,
    ),
    _rule(
        "正腊冬",
        rf"{YEAR}(?P<month>[正腊冬])月(?P<day>(?!))?",
        feasts.lunar_month_day,
        is_vague=True,
    ),
    _rule("历", rf"{YEAR}(?:农历|阴历|旧历){_MONTH}初?{_DAY}", feasts.lunar_month_day),
    _rule(
        "初", rf"{YEAR}{_MONTH}初(?P<day>[一二三四五六七八九十])(?![号日])", feasts.lunar_month_day
    ),
    _rule("二", rf"{YEAR}(?<![十\d])二月二(?![十号日\d])", feasts.fixed_lunar(2, 2)),
    _rule("八", rf"{YEAR}八月十五(?![号日\d])", feasts.fixed_lunar(8, 15)),
    _rule("初", rf"{YEAR}大年初(?P<day>[一二三四五六七八九十])", feasts.first_days),
    _rule(
        "月",
        rf"{YEAR}{_MONTH}\s*{_DAY}\s*(?:[号日]{_NOT_A_DAY}|(?![\d个岁月年天回次趟共直百千万块元]))",
        reading.month_day,
    ),
    _rule("月", rf"{YEAR}{_MONTH}的\s*{_DAY}[号日]{_NOT_A_DAY}", reading.month_day),
    _rule(
        "月",
        rf"{YEAR}{_MONTH}(?P<part>上旬|中旬|下旬|初|中(?!学|心|考)|底|末|份)?(?!伙食|生活费|工资|[一二两三四五六七八九十几]+[百千]|[挣花给领能])",
        reading.month_part,
    ),
    _rule(
        "./",
        rf"{YEAR}(?<![\d.])(?P<month>1[0-2]|0?[1-9])[./](?P<day>[12]\d|3[01]|0?[1-9])"
        r"(?:[号日]|(?![\d.万千百块元岁米%个亩斤分左多/]))",
        reading.month_day,
    ),
    _rule(
        "-",
        r"(?<![\d-])(?P<year>\d{4}年)?(?P<month>1[0-2]|0?[1-9])-(?P<day>[12]\d|3[01]|0?[1-9])[号日]",
        reading.month_day,
    ),
    _rule(
        "周星礼",
        r"(?:(?P<which>大上|上上|下下|上|这|本|下)(?:一)?个?|(?<![每逢几\d一二两三四五六七八九十])(?<!每个)(?<!几个)(?<![一二两三四五六七八九十半\d]个))"
        r"(?:周|星期|礼拜)(?P<weekday>(?:一(?![条天趟共直])|[二三四五六日天1-7])(?![\d个岁月年次节到至和]))",
        reading.week,
    ),
    _rule(
        "周星礼",
        r"(?P<which>大上|上上|下下|上|这|本|下)(?:一)?个?(?:周|星期|礼拜)(?!岁|年|日)(?P<weekday>末)?",
        reading.week,
    ),
    _rule(
        "月",
        rf"(?P<which>大上|上上|下下|上|这|本|下|前(?=个月))个?月(?:(?:的)?{_DAY}[号日]|(?P<part>上旬|中旬|下旬|初|中|底|末))?",
        reading.relative_month,
    ),
    _rule(
        "前昨今明后头",
        rf"(?<!多)(?P<name>{'|'.join(sorted(reading.DAY_NAMES, key=len, reverse=True))})个?(?!月)",
        reading.named_day,
    ),
    _rule("前", rf"{_STRETCH}(?:之|以)?前(?!后)", reading.stretch(-1)),
    _rule(
        "过",
        rf"(?:再过|等过|(?<![\u3400-\u9fff])过(?![两几]天))(?:了)?{_STRETCH}(?!没|了|的)(?:之|以)?后?",
        reading.stretch(1),
    ),
    _rule(
        "过",
        rf"(?<![干没住念读学来去用上做当待活])过(?:了)?{_STRETCH}(?:之|以)?后(?!来)",
        reading.stretch(1),
    ),
    _rule("后", rf"{_STRETCH}(?:之|以)?后(?!来)", reading.stretch(1)),
    _rule(
        _initials(feasts.LUNAR_FEASTS),
        rf"{YEAR}(?P<feast>{_either(feasts.LUNAR_FEASTS)})(?!轻|级|龄)(?:节)?(?!快乐|好)",
        feasts.lunar_feast,
    ),
    _rule(
        _initials(feasts.SOLAR_TERMS),
        rf"{YEAR}(?P<feast>{'|'.join(feasts.SOLAR_TERMS)})(?=$|[^\u3400-\u9fff]|[前后那的以之就到过从]|节气)",
        feasts.solar_term,
    ),
    _rule(
        "露暑满寒",
        rf"{YEAR}(?P<feast>白露|处暑|小满|小暑|大暑|小寒|大寒)(?=那天|节气|过后|以后|之后|前后)",
        feasts.solar_term,
    ),
    _rule(
        "后",
        r"(?P<year>(?!))?(?<![\d半几零一二两三四五六七八九十百千])年后",
        feasts.fixed_lunar(1, 1),
    ),
    _rule(
        "元劳国教清",
        rf"{YEAR}(?P<feast>元旦|劳动节|国庆|教师节|清明)节?(?!快乐|好)",
        feasts.solar_feast,
    ),
    _rule(
        "一八",
        rf"{YEAR}(?<![零二三四五六七八九十\d双])(?P<feast>五一|六一|七一|十一|三八)"
        r"(?=节|放[假完]|收假|假|长假|前|后|之|以|那天|回来|过|到|开始|就)节?",
        feasts.solar_feast,
    ),
    _rule("一八", r"(?P<year>(?!))?^(?P<feast>五一|六一|七一|十一|三八)$", feasts.solar_feast),
    _rule("季", rf"{YEAR}(?P<half>[春秋])季(?:新)?(?:学期|开学)", reading.half_year),
    _rule(
        "期",
        r"(?<![一二三四五六123])(?P<term>上|这|本|下)个?学期(?:(?:刚)?(?:一)?开学)?",
        reading.term,
    ),
    _rule("开", r"(?P<term>(?!))?(?:新学期)?(?<!快)(?<!没)开学", reading.term),
    _rule("假", r"放(?P<which>[寒暑])?假(?:之|以)?前", reading.before_break, is_vague=True),
    _rule(
        "假",
        rf"{YEAR}(?:放)?(?P<which>[寒暑])假(?!的|作业|班|工)",
        reading.school_break,
        is_vague=True,
    ),
    _rule(
        "春夏秋冬",
        r"(?P<year>大前年|前年|去年|今年|明年)的?(?P<season>[春夏秋冬])[天季]",
        reading.season,
        is_vague=True,
    ),
    _rule("春秋", r"(?P<year>\d{4}年)(?P<season>[春秋])[天季]?(?!学)", reading.season),
    _rule(
        "初",
        r"(?:(?P<year>去|前|今|明)|(?<![\d零一二三四五六七八九十半几]))年初(?![一二三四五])",
        reading.year_start,
    ),
    _rule("月", r"(?:这个?|本)?月(?P<part>初|中(?!学|心))(?!级)", reading.month_edge),
    _rule("底末", r"(?:这个?|本)?月(?P<part>底|末)(?!级)", reading.month_edge, is_vague=True),
    _rule(
        "号日",
        r"(?<![\d编门型位第零一二三四五六七八九十月.-])(?<!连续)(?<![满已前])"
        rf"(?:(?P<day>[12]\d|3[01]|0?[1-9])[号日]|(?P<said>{_HAN_DAY})号|(?<=[于自至])(?P<noted>{_HAN_DAY})日){_NOT_A_DAY}",
        reading.bare_day,
    ),
    _rule("年", r"(?P<year>大前年|前年|头年|去年|明年|后年)", reading.whole_year, is_vague=True),
)
