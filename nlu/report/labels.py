"""What ways of speaking and entities are called in Chinese, in reports."""

from collections.abc import Mapping

from nlu.entity_scores import ALL

_TAGS: Mapping[str, str] = {
    "typed": "平常打字",
    "short": "很短",
    "long": "很长",
    "typo": "错别字",
    "dictated": "语音转的字",
    "dialect": "方言",
    "mongolian": "蒙古族的说法",
    "mixed": "汉蒙夹杂",
    "cadre": "干部的口气",
    "official": "公文的口气",
    "reported": "替别人说",
    "negation": "有否定",
    "traditional": "繁体字",
    "emoji": "带表情",
    "last_clause": "要紧话在最后",
    "two_intents": "一句两件事",
}

_ENTITIES: Mapping[str, str] = {
    ALL: "合在一起",
    "child_name": "孩子姓名",
    "person_name": "大人姓名",
    "age": "年龄",
    "grade": "年级",
    "school": "学校",
    "region": "地方",
    "date": "日期",
    "reason": "失学原因",
    "hardship": "困难情形",
    "money": "钱数",
    "phone": "电话",
    "id_number": "身份证号",
    "case_number": "编号",
    "count": "人数",
}


def tag_name(tag: str) -> str:
    """A way of speaking in words; one without a name is called by its key."""
    return _TAGS.get(tag, tag)


def entity_name(entity: str) -> str:
    """A type of entity in words."""
    return _ENTITIES.get(entity, entity)
