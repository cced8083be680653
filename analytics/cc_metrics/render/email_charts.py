"""Pictures of an e-mail: a few charts as PNG, narrow enough that their words are read on a phone."""

import re
from dataclasses import dataclass, replace
from typing import Any, Final

from cc_metrics.language import using
from cc_metrics.model.report import Report
from cc_metrics.render import charts, fonts
from cc_metrics.render.charts import Picture

WIDTH: Final = 552  # pixels that a picture takes at most
CHOSEN: Final = ("half_hours", "contributions", "days", "curves")
"""The charts of an e-mail, the first picture of each; the page has all."""

_DRAWN: Final = 400  # pixels of a chart without its labels
_APART: Final = 10  # pixels between labels of an axis, else some are left out
_SCALE: Final = 1.5  # pixels of a picture to each of its own: more would make a message of a megabyte
_CHINESE: Final = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]")


@dataclass(frozen=True, slots=True)
class Inline:
    """A picture in an e-mail: *cid* is what the HTML calls it; *title* heads it and *says* tells what it shows."""

    cid: str
    title: str
    says: str
    png: bytes


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures in order; whether Chinese could not be drawn, and how many were left out for it."""

    drawn: tuple[Inline, ...] = ()
    unlettered: bool = False
    left_out: int = 0


def pictures(report: Report) -> Pictures:
    """What is drawn of a report.

    Without a font that has Chinese characters the pictures are labelled in English, and those with Chinese names in
    them are left out.
    """
    found = _chosen(report)
    if not any(map(_has_chinese, found)) or fonts.chinese():
        return Pictures(tuple(map(_drawn, found)))
    with using("en"):
        labelled = [one for one in _chosen(report) if not _has_chinese(one)]
    named = {one.name: one for one in found}
    shown = tuple(_drawn(replace(one, title=named[one.name].title, says=named[one.name].says)) for one in labelled)
    return Pictures(shown, unlettered=True, left_out=len(found) - len(shown))


def _chosen(report: Report) -> list[Picture]:
    return [picture for name in CHOSEN for picture in charts.named(report, name)[:1]]


def _has_chinese(picture: Picture) -> bool:
    import json

    return bool(_CHINESE.search(json.dumps(picture.spec, ensure_ascii=False)))


def _drawn(picture: Picture) -> Inline:
    from cc_metrics.render.charts import draw

    config = picture.spec["config"]
    apart = {**config, "axis": {**config["axis"], "labelSeparation": _APART}}
    narrow = replace(picture, spec={**_narrowed(picture.spec), "config": apart})
    return Inline(f"{picture.name}@cc-metrics.invalid", picture.title, picture.says, draw.png(narrow, _SCALE))


def _narrowed(part: Any) -> Any:
    """A spec whose views are no wider than _DRAWN; their words keep their size."""
    if isinstance(part, list):
        return [_narrowed(one) for one in part]
    if not isinstance(part, dict):
        return part
    return {
        name: min(value, _DRAWN) if name == "width" and isinstance(value, int) else _narrowed(value)
        for name, value in part.items()
        if name != "datasets"
    } | ({"datasets": part["datasets"]} if "datasets" in part else {})
