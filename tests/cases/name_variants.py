"""Made-up villages and the ways their names are written; the way back is known because each way was made from the name."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

# characters with another that sounds the same, and traditional or variant forms
SOUNDS = {"胜": "盛", "兴": "星", "丰": "峰", "利": "立", "红": "宏", "东": "冬", "福": "富", "明": "名", "合": "和"}
OLD_FORMS = {"兴": "興", "胜": "勝", "东": "東", "丰": "豐", "红": "紅", "农": "農", "长": "長", "万": "萬", "宝": "寶"}
OLD_FORMS |= {
    "龙": "龍",
    "岗": "崗",
    "乐": "樂",
    "荣": "榮",
    "团": "團",
    "结": "結",
    "沟": "溝",
    "树": "樹",
    "马": "馬",
}
FIRST = "兴胜东丰红农长万宝龙岗乐荣团结沟树马福明合新永太平光和安利"
DIGITS = "零一二三四五六七八九"
NATIONS = ("满族", "朝鲜族", "达斡尔族", "蒙古族")
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True)
class Variant:
    """A name as the register has it, as a list of points has it, and whether they are one name."""

    kind: str
    register: str
    written: str
    same: bool


def in_characters(number: int) -> str:
    """Return a number below 100 as Chinese write it."""
    tens, ones = divmod(number, 10)
    if not tens:
        return DIGITS[ones]
    return (DIGITS[tens] if tens > 1 else "") + "十" + (DIGITS[ones] if ones else "")


def _stem(chance: random.Random) -> str:
    return "".join(chance.sample(FIRST, 2))


def variants(seed: int, count: int) -> Iterator[Variant]:
    """Yield made-up pairs, kind after kind."""
    chance = random.Random(seed)
    kinds = (_ending, _old_form, _number, _nation, _office, _address_free, _sound, _other)
    for number in range(count):
        yield kinds[number % len(kinds)](chance)


def _ending(chance: random.Random) -> Variant:
    stem = _stem(chance)
    register = stem + chance.choice(["村民委员会", "村委会", "村村民委员会", "村村委会", "村"])
    written = stem + chance.choice(
        ["村", "屯", "村委会", "村民委员会", "村村委会", "行政村", "自然屯", "大队", "", "社区"]
    )
    return Variant("ending", register, written, True)


def _old_form(chance: random.Random) -> Variant:
    stem = _stem(chance) + chance.choice("兴胜东丰红农")
    written = "".join(OLD_FORMS.get(character, character) for character in stem)
    return Variant("old form", f"{stem}村委会", written + chance.choice(["村", "邨", "屯"]), True)


def _number(chance: random.Random) -> Variant:
    number, stem = chance.randint(1, 99), _stem(chance)
    chinese, digits = in_characters(number), str(number)
    written = chance.choice([digits, digits.translate(WIDE), chinese])
    if number < 10 and chance.random() < 0.3:
        written = "零壹贰叁肆伍陆柒捌玖"[number]
    return Variant("number", f"{stem}{chinese}村村委会", f"{stem}{written}{chance.choice(['村', '屯'])}", True)


def _nation(chance: random.Random) -> Variant:
    stem = _stem(chance)
    return Variant("nation", f"{stem}{chance.choice(NATIONS)}村民委员会", stem + chance.choice(["村", "屯"]), True)


def _office(chance: random.Random) -> Variant:
    stem = _stem(chance)
    office = chance.choice(["党群服务中心", "卫生室", "便民服务站", "党支部", "综合服务站"])
    return Variant("office", f"{stem}村村委会", f"{stem}村{office}", True)


def _address_free(chance: random.Random) -> Variant:
    stem = _stem(chance)
    written = chance.choice([f" {stem} 村", f"{stem}村（旧）", f"{stem}\u3000村", f"{stem}村(北屯)", f"{stem}·村"])
    return Variant("blanks and brackets", f"{stem}村委会", written, True)


def _sound(chance: random.Random) -> Variant:
    first, second = chance.choice(sorted(SOUNDS)), chance.choice("新永太平光安")
    return Variant("sound", f"{first}{second}村委会", f"{SOUNDS[first]}{second}村", False)


def _other(chance: random.Random) -> Variant:
    stem = _stem(chance)
    written = chance.choice(
        [f"{stem[::-1]}村", f"前{stem}村", f"{stem}西村", f"{stem}堡村", f"{stem}{chance.choice('一二三')}村"]
    )
    return Variant("other", f"{stem}村委会", written, False)
