"""Which words of one message belong to which child.

A name opens a group and what follows belongs to it; names in a row share what follows ("其其格和
巴图都上初二"); a place, school, day or reason said only once holds for all.
"""

from dataclasses import dataclass, field

from nlu.types import Entity

TELLS_APART = ("grade", "age", "school")
SAID_FOR_ALL = frozenset({"region", "school", "date", "reason", "hardship"})


@dataclass
class Group:
    """One child's name, if said, and the entities that belong to the child."""

    name: Entity | None
    entities: list[Entity] = field(default_factory=list)
    order: int | None = None  # of children told apart by their school years alone


def by_child(entities: tuple[Entity, ...], known: int = 1) -> list[Group]:
    """Split a message's entities; one nameless group when no child is named.

    `known` is how many children are spoken of already.
    """
    names = [e for e in entities if e.entity == "child_name"]
    if len({e.value for e in names}) < 2:
        rest = [e for e in entities if e.entity != "child_name"]
        return _by_rank(rest, known) if not names else [Group(names[0], rest)]
    return _split(entities)


def _by_rank(entities: list[Entity], known: int) -> list[Group]:
    """ "俩孩子，老大高二，老二六年级": as many years as children, so one for each, in order."""
    counts = [e.value for e in entities if e.entity == "count" and e.role == "children"] or [known]
    found = {kind: [e for e in entities if e.entity == kind] for kind in TELLS_APART}
    several = [said for said in found.values() if len(said) > 1 and counts == [len(said)]]
    if not several:
        return [Group(None, entities)]
    rest = [e for e in entities if e.entity not in TELLS_APART]
    return [
        Group(None, [*(said[number] for said in several), *rest], number)
        for number in range(len(several[0]))
    ]


def _split(entities: tuple[Entity, ...]) -> list[Group]:
    groups: list[Group] = []
    open_run: list[Group] = []
    before: list[Entity] = []
    run_is_closed = True
    for entity in entities:
        if entity.entity == "child_name":
            group = Group(entity)
            open_run = [group] if run_is_closed else [*open_run, group]
            groups.append(group)
            run_is_closed = False
        elif not groups:
            before.append(entity)
        else:
            run_is_closed = True
            for group in open_run:
                group.entities.append(entity)
    return _share(_merge_same_name(groups), before, entities)


def _merge_same_name(groups: list[Group]) -> list[Group]:
    merged: dict[object, Group] = {}
    for group in groups:
        key = group.name.value if group.name else None
        if key in merged:
            merged[str(key)].entities.extend(group.entities)
        else:
            merged[str(key)] = group
    return list(merged.values())


def _share(groups: list[Group], before: list[Entity], entities: tuple[Entity, ...]) -> list[Group]:
    for group in groups:
        group.entities[:0] = before
    for kind in SAID_FOR_ALL:
        said = [e for e in entities if e.entity == kind]
        owners = [group for group in groups if said and said[0] in group.entities]
        if len(said) == len(owners) == 1:  # said of some already, it is not of the others
            for group in groups:
                if group is not owners[0]:
                    group.entities.append(said[0])
    return groups
