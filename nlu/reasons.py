"""Why a child stays away from school. 打工 or 生病 is a reason only when it keeps a child away:
not what the parents do, not what an adult learner, a form or a closing word is about.
"""

import re
from collections.abc import Iterator

from nlu import lexicon
from nlu.types import Context, Entity

_DROPOUT_SLOTS = frozenset(
    {"reason", "absent_since", "whereabouts", "guardian_name", "guardian_phone", "reporter_name"}
)
_BARE = 10  # characters: a text this short is the reason itself
_GOING = r"(?:上学|上过?课|念书?|读书?|学校|去学|来学|到校|返校|入学|进校门|进教室|念完|读完)"
_ABSENT = re.compile(
    r"在家(?:里)?(?:待|呆|养|蹲|躺|闲|耗|窝|放|带|帮|做)|[没不]来(?=$|[,。;!?了])|就(?:都)?(?:回家|回来|下来)了|不(?:愿意?|敢|肯|想)去|请了?长?假|劝退"
    r"|(?:领|带|拉|叫|送|拽)(?:着)?(?:他|她|孩子|娃)?(?:也)?(?:到|去|走)|没念|没书念|没去(?!过)|跟[^,。;]{1,6}跑|婆家|坐月子|下来干活"
    r"|辍学|外出|休息|[不没]再?(?:去|上|念|读)(?=的?(?:$|[,。;!?]))|让(?:她|他|娃|孩子)下来|在家养|不好意思去|不回学校|未见|没见(?:着|到)|谈了|跟进|松口|请假|让回(?:来|家)|反省|从此|休了|家访|走访|入户|核实|查清|得知|劝返|教室就|找着了|找到了|接走|领走|拉走|没学上|没地方上|学籍|撵回|开除了|就走了|失学|退学|休学|停学|弃学|旷课|逃学|离校|缺课|厌学|控辍|失联|流失|停了|没人送"
    rf"|[不没未][^,。;!?\s]{{0,4}}{_GOING}|{_GOING}\s*[^,。;!?\s]{{0,2}}[不没未]"
    r"|(?:[天周月年]|阵子|学期|开学|老)[^,。;!?\s]{0,4}[没不]再?[来去上念读]|[没不]再?(?:来|去|上|念|读|学)了"
    r"|学(?:也|都|就)?(?:不|没)(?:上|去)|上不(?:了|成|下去)|[念读]不(?:了|成|下去)|不肯(?:回|去|上|来)"
    r"|不(?:愿意?|想|爱|肯)(?:回|去|上|念|读|学)|从学校(?:拽|领|接|拉|带|叫)|别(?:念|读|上)|没再?露面|书(?:就|也|都)?(?:扔|撂)|不让(?:她|他|孩子|娃)?(?:再)?(?:念|读|上|来|去)|叫回来|领回来|比(?:念书|上学|读书)强"
)
_CHILD = (
    r"孩子|娃|学生|儿子|女儿|闺女|姑娘|丫头|小子|孙子|孙女|外孙|外甥|侄[子女儿]|弟弟?(?!俩的)|妹妹?|男孩|女孩|少年|该生|其(?=[与在辍退去嫁结成打])"
    r"|本人(?=称|说|表示|不)|[他她](?!们?(?:爸|妈|爹|娘|父|母|爷|奶|姥|舅|叔|姑|姨|大爷|哥|姐|家里?人?|大(?!的)))"
)
_ADULT = (
    r"爸妈?|妈|爹|娘|父亲?母?|母亲|爷爷|奶奶|姥[姥爷]|家长|大人|老人|老太太|老头|两口子|俩口子|老公|老婆|丈夫|媳妇"
    r"|本人(?!称|说|表示|不)|(?<![他她])自己(?!不|要|说|想)|额(?=想|要)|我(?!的|们?(?:村|家|班|校|嘎查|学校|社区|这|那)|儿|闺|女|姑|孙|娃|孩|弟|妹|外|侄|看|听|觉|想|估|们|的?(?:孩|娃|儿|女|闺|孙))"
)
_SUBJECT = re.compile(rf"(?P<child>{_CHILD})|(?P<adult>{_ADULT})")
_WITH = re.compile(
    r"(?:跟着?|和|随|给|替|帮着?|照顾|伺候|看护|上次|上回)\s*(?:[他她我]的?)?(?:姑|姨|舅|祖)?$"
)
_SAYS = re.compile(r"(?:老师|也|就|刚|都)?(?:说|讲|称|告诉|反映|表示|打电话|来电|答应|同意)")
# 他爸让去工地, 她妈带着走了: who sends a child is not the one who goes.
_SENDS = re.compile(r"(?:非要?|硬|就|老|也|都|一直)?(?:让|叫|逼着?|打发|带着|领着|拉着|不让)")
_MADE_TO = re.compile(r"[^,。;!?\n]{0,3}(?:叫|让|逼|使唤)(?:他|她|孩子|娃)")
_BY = re.compile(r"(?:被|让|叫)\s*(?:[他她我]的?)?$")
_CLAUSE = re.compile(r"[,。;!?\n]")
_CASE = re.compile(
    r"申请|补助|补贴|助学|资助|贷款|救助|报名|培训|普通话|口语|学说话|名额|提醒|取消|撤销|撤回|注销|删|退了|记录|工作调动"
    r"|材料|证明|发票|证件|拍|投诉|举报信|公示|评|怎么申|能领|教你|听不懂.{0,6}(?:换|重说)|不说了|不聊|拜拜|再见|回头|待会|一会儿"
    r"|登记的|多少钱|政策|规定|优惠|资格|合法|几点|上班时间|多大年龄|法定|算不算|以下算|算贫困|有哪些|附近|证怎么|残疾证|单子|复印件"
    r"|投诉|有没有权|家庭成员|退班|这期|班不|课上不了|能报多少|犯法|违法吗|吃[啥什]|多少(?!天)|课[^,。;]{0,2}(?:不去|去不)|退了吧|反悔|下次说|不扯了|归哪|办休学|违法不|饭卡|转让"
)
_COURSE = re.compile(
    r"培训|普通话|(?<!听不懂)汉语(?:课|班|培训)|口语|线上课|网课|夜校|学习班|名额|学说话|退班|[的个期]班|班不|课上不了"
)
_PUPIL = re.compile(rf"{_CHILD}|初[一二三]|高[一二三]|年级|岁|教室|未成年|因为")
_SET_RIGHT = re.compile(r"不是[^。;!?\n]{1,10}(?<![可但还就要])是|原因")
_SICK_OTHER = re.compile(
    r"(?:照顾|伺候|看护|陪)[^,。;]{0,3}$|(?:生病|有病|瘫痪|残疾|住院)(?:的|在床的)?(?:妈|爸|爹|娘|父|母|爷|奶|姥)"
)


def _is_company(text: str, match: re.Match[str]) -> bool:
    """跟着他爸, 被他爸: not the one told of; 让他: the one who is made to do it."""
    before = text[: match.start()]
    if match["adult"] and (_SAYS.match(text, match.end()) or _SENDS.match(text, match.end())):
        return True
    return bool(_WITH.search(before)) or bool(match["adult"] and _BY.search(before))


def _told_of(text: str, start: int, far: bool = True) -> str | None:
    """Whose doing the words at `start` are: child, adult, or None when nobody is named.

    A person somebody goes with, is called by or looks after (跟着他爸) is not the one told of.
    """
    first = max((m.end() for m in _CLAUSE.finditer(text, 0, start)), default=0)
    for begin, end in ((first, start), (0, first if far else 0)):
        # Looked for in the whole text: what follows a word tells which word it is.
        named = [
            m
            for m in _SUBJECT.finditer(text)
            if begin <= m.start() and m.end() <= end and not _is_company(text, m)
        ]
        if named:
            return "child" if named[-1]["child"] else "adult"
    return None


def _is_childs(text: str, hit: lexicon.Hit) -> bool:
    if hit.value == "illness_disability":
        near = text[max(0, hit.start - 8) : hit.start]
        after = text[hit.start : hit.end + 4]
        if _SICK_OTHER.search(near) or _SICK_OTHER.search(after):
            return False
    if hit.value in ("poverty", "migration", "other"):
        return True  # what befalls the whole family
    if _MADE_TO.match(text, hit.end):
        return True
    # 她妈病了,回家伺候: who looks after somebody is not the one in the clause before.
    return _told_of(text, hit.start, far=hit.value != "family_care") != "adult"


def _is_over(text: str, hit: lexicon.Hit) -> bool:
    """以前厌学,现在天天来; 看病花了十万; a worker, or the school for workers' children."""
    if _BEFORE.search(text[: hit.start]) and _NOW_THERE.search(text, hit.end):
        return True
    return bool(_NO_REASON_AFTER.match(text, hit.end))


_BEFORE = re.compile(r"(?:以前|原先|原来|从前|之前)[^,。;!?]{0,4}$")
_NOW_THERE = re.compile(r"现在[^,。;!?不没]{0,6}(?:来|上|念|在校|好)")
_NO_REASON_AFTER = re.compile(
    r"[^,。;!?]{0,3}(?:花了|花掉|的钱)|的(?=[,。;!?\s]|$|爸|妈|爹|娘|父|母|人|大人|家长|钱|哥|姐)|子弟|人员"
)


def _is_about_absence(text: str, context: Context, is_child: bool) -> bool:
    if context.expecting in _DROPOUT_SLOTS:
        return True
    if _COURSE.search(text) and not re.search(_CHILD, text):
        return False
    if _ABSENT.search(text) or _SET_RIGHT.search(text):
        return True
    if _CASE.search(text):
        return False
    if re.search(r"婚礼|彩礼|嫁|成婚|完婚|换亲|[订定]亲", text):
        return True  # girls are given away in few words
    return len(text.strip()) <= _BARE or is_child or bool(_PUPIL.search(text))


# Poor or ill are also those who only ask for money: it must be said that the child is not there.
_OF_ANY_FAMILY = frozenset({"poverty", "illness_disability"})


_OF_ANYTHING = re.compile(r"听不懂|坐不住|(?:嫌)?丢人|没意思|不想(?:去|来)")


def _stays_away(text: str, context: Context) -> bool:
    asked = context.expecting in _DROPOUT_SLOTS
    said = _ABSENT.search(text) or _SET_RIGHT.search(text)
    return asked or bool(said) or (len(text.strip()) <= _BARE and not _CASE.search(text))


def find(text: str, context: Context, is_child: bool = False) -> Iterator[Entity]:
    """Reasons in cleaned `text`; none where no child has left school or may leave.

    `is_child` when the text names a child or tells its age. 没人接送 is one for want of a better.
    """
    if not _is_about_absence(text, context, is_child):
        return
    hits = [hit for hit in _longest(lexicon.find("reasons", text)) if not _is_over(text, hit)]
    if not _stays_away(text, context):
        hits = [hit for hit in hits if hit.value not in _OF_ANY_FAMILY]
    if context.expecting not in _DROPOUT_SLOTS and not _ABSENT.search(text):
        hits = [hit for hit in hits if not _OF_ANYTHING.fullmatch(text, hit.start, hit.end)]
    hits = [hit for hit in hits if hit.value != "other"] or hits
    own = _without_the_way([hit for hit in hits if _is_childs(text, hit)], text)
    if context.expecting == "reason":
        own = own or hits
    for hit in own:
        yield Entity("reason", hit.value, hit.start, hit.end)


def _without_the_way(hits: list[lexicon.Hit], text: str) -> list[lexicon.Hit]:
    """跟着他舅去广东打工: who goes away to work does not move house."""
    works = [hit.start for hit in hits if hit.value == "work"]
    return [
        hit
        for hit in hits
        if hit.value != "migration" or not any(_leads_to(text, hit, work) for work in works)
    ]


def _leads_to(text: str, move: lexicon.Hit, work: int) -> bool:
    """Whether a child that goes away goes to the work at `work`; 带走 alone says nothing more."""
    if text[move.start : move.end].endswith(("带走", "领走")):
        return True
    return move.start <= work and not _CLAUSE.search(text, move.start, work)


def _longest(hits: Iterator[lexicon.Hit]) -> list[lexicon.Hit]:
    """给人放羊 is work, the 放羊 within it is not looking after one's own."""
    found = list(hits)
    return [
        hit
        for hit in found
        if not any(
            o.value != hit.value
            and o.start <= hit.start
            and hit.end <= o.end
            and o.end - o.start > hit.end - hit.start
            for o in found
        )
    ]
