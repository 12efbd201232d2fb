"""When two names of villages are the same name: endings, traditional and variant characters, width, numerals."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any

from planner.geodata.columns import NAMES, PATTERNS

_SHORTEST = 2  # 新村 stays 新村: a name cut to one character names too much
_TRANSLATION = str.maketrans(NAMES["variant_characters"])
_FORMAL = str.maketrans(NAMES["formal_numerals"])
_DIGITS = {character: str(number) for number, character in enumerate(NAMES["digits"])}
_TEN, _HUNDRED, _THOUSAND = NAMES["powers_of_ten"]
_TENS: dict[str, str] = NAMES["tens"]
_SPELT_OUT = str.maketrans("0123456789", NAMES["digits"])
_NUMERAL = re.compile(f"[0-9{''.join(_DIGITS)}{''.join(_TENS)}{_TEN}{_HUNDRED}{_THOUSAND}]+")
_WELL_FORMED = re.compile(rf"(?:(\d)?{_THOUSAND})?(?:0?(\d){_HUNDRED})?(?:0?(\d)?{_TEN})?0?(\d)?")


def written_name(name: str) -> str:
    """Return a name in simplified characters of one width, without blanks and what stands in brackets.

    Examples
    --------
    >>> written_name("興農　邨（東屯）"), written_name("红５村")
    ('兴农村', '红5村')
    """
    plain = PATTERNS["bracketed"].sub("", unicodedata.normalize("NFKC", name).translate(_TRANSLATION))
    return _simplified("".join(character for character in plain if character.isalnum()))


@lru_cache(maxsize=65536)
def common_name(name: str) -> str:
    """Return a village's name as people say it, numbers in digits: committee and offices in its house fall away.

    Examples
    --------
    >>> common_name("新福村村民委员会"), common_name("新福村委会"), common_name("厢红伍村"), common_name("二十五站村")
    ('新福村', '新福村', '厢红5村', '25站村')
    """
    short = PATTERNS["office_tail"].sub("", written_name(name))
    short = PATTERNS["committee_tail"].sub(NAMES["village"], short)
    return numbers_in_digits(short)


@lru_cache(maxsize=65536)
def name_stem(name: str) -> str:
    """Return what is left of a village's name without village, hamlet, community or nationality; what two of them share.

    Examples
    --------
    >>> name_stem("新福屯"), name_stem("稻田朝鲜族村"), name_stem("新村"), name_stem("第五村")
    ('新福', '稻田', '新村', '5村')
    """
    said = common_name(name)
    short = PATTERNS["ordinal"].sub("", said)
    for tail in (PATTERNS["place_tail"], PATTERNS["nationality_tail"]):
        cut = tail.sub("", short)
        short = cut if len(cut) >= _SHORTEST else short
    return short


@lru_cache(maxsize=65536)
def sound_of(name: str) -> str:
    """Return how a name's stem sounds, in letters without tones; of a name in Latin letters, its letters.

    Examples
    --------
    >>> sound_of("红升村"), sound_of("宏盛屯"), sound_of("Hóngshèng Cun")
    ('hongsheng', 'hongsheng', 'hongsheng')
    """
    import pypinyin  # its table of phrases takes a third of a second to load

    plain = unicodedata.normalize("NFD", name)
    letters = "".join(character for character in plain.lower() if "a" <= character <= "z")
    if letters and not is_chinese(name):
        return PATTERNS["latin_tail"].sub("", letters) or letters
    chinese = name_stem(name).translate(_SPELT_OUT)
    return PATTERNS["latin_tail"].sub("", "".join(pypinyin.lazy_pinyin(chinese)))


def is_chinese(name: str) -> bool:
    """Return whether a name has a Chinese character."""
    return PATTERNS["chinese"].search(name) is not None


def numbers_in_digits(name: str) -> str:
    """Return the name with its numerals in digits; 陆 and 伍 are families' names unless they count something."""
    plain = PATTERNS["formal_number"].sub(lambda found: found[0].translate(_FORMAL), name)
    return _NUMERAL.sub(lambda found: _in_digits(found[0]), plain)


def _in_digits(run: str) -> str:
    plain = "".join(_DIGITS.get(character, character) for character in run)
    for character, spelt_out in _TENS.items():
        plain = plain.replace(character, spelt_out)
    if not plain.strip("0123456789") or plain in (_HUNDRED, _THOUSAND):  # alone they are a part of a name
        return plain
    found = _WELL_FORMED.fullmatch(plain)
    if not found:
        return plain
    thousands, hundreds, ten, ones = found.groups()
    value = 1000 * int(thousands or 1) * (_THOUSAND in plain) + 100 * int(hundreds or 0)
    return str(value + 10 * int(ten or 1) * (_TEN in plain) + int(ones or 0))


@lru_cache(maxsize=65536)
def _simplified(name: str) -> str:
    return str(_converter().convert(name)) if is_chinese(name) else name


@cache
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")
