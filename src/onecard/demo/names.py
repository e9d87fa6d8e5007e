"""Invented names: common surnames with given names put together by chance, some rare characters and dots among them. Pure."""

from typing import Final

from onecard.demo.chance import Chance

__all__ = ["draw_given", "draw_name", "draw_surname"]

_SURNAMES: Final = tuple(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢"
    "姜崔钟谭陆汪范金石廖贾夏韦傅方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严俞屠褚"
)
_RARE_SURNAMES: Final = ("欧阳", "诸葛", "上官", "闾丘", "仉", "乜", "\u9fcd", "亓官")
_MALE: Final = tuple("建国志明伟强军平华林根荣福祥金水海生新民云龙松柏兴元德良文武斌浩宇轩泽铭博晨阳俊杰凯翔")
_FEMALE: Final = tuple("秀英玉兰桂珍凤芬芳莲妹娟丽敏静燕红霞梅琴雪云香巧月素娥佩蓉欣怡婷妍悦诗涵梓萱佳宁")
_RARE_GIVEN: Final = ("\u3447", "\u4d96", "\u9fd5", "䶮", "喆", "堃", "甦", "淼", "昞", "晐", "\U00020bb7", "\U0002b5e7")
"""Characters at which GBK, fonts or careless cutting fail (FIELD §3.2; DESIGN §7.8)."""

_DOTTED: Final = ("买买提·吐尔逊", "阿依古丽·艾山", "迪丽热巴·玉素甫", "古丽娜尔·买买提", "卓玛·央金", "艾力·肉孜")


def draw_surname(chance: Chance) -> str:
    """Return a surname; one in two hundred is rare."""
    return chance.choice(_RARE_SURNAMES if chance.random() < 0.005 else _SURNAMES)


def draw_given(chance: Chance, male: bool) -> str:
    """Return a given name of one or two characters; one in two hundred holds a rare one."""
    pool = _MALE if male else _FEMALE
    first = chance.choice(pool) if chance.random() >= 0.005 else chance.choice(_RARE_GIVEN)
    return first if chance.random() < 0.22 else first + chance.choice(pool)


def draw_name(chance: Chance, male: bool, surname: str | None = None) -> str:
    """Return a whole name; without a *surname* one is drawn, and one in five hundred is a name with a dot."""
    if surname is None:
        if chance.random() < 0.002:
            return chance.choice(_DOTTED)
        surname = draw_surname(chance)
    return surname + draw_given(chance, male)
