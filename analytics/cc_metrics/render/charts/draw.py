"""A picture as SVG that a page colours light or dark, or as PNG: the only file that knows what draws it."""

import json
from typing import TYPE_CHECKING, Any, Final

from cc_metrics.render.charts import style
from cc_metrics.render.charts.picture import Picture

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_VERSION: Final = "5.21"  # of Vega-Lite: charts look the same until it is changed
_INKS: Final = {ink.light: f"var(--chart-{ink.name}, {ink.light})" for ink in style.INKS}
_KEPT_OUT: Final = ("class", "role", "font-family", "pointer-events", "aria-")
_SPACE: Final = "http://www.w3.org/2000/svg"


def get_ready() -> None:
    """Start what draws, which takes longer than any one picture; it leaves the interpreter to others meanwhile."""
    import vl_convert

    vl_convert.vegalite_to_svg({"data": {"values": []}, "mark": "point"}, vl_version=_VERSION)


def svg(picture: Picture) -> str:
    """The picture as one `<svg>`: an image with a name and a description, its ids its own.

    Colours are custom properties (`--chart-...`) with the light palette behind them; words stay words.
    """
    import vl_convert

    drawn = vl_convert.vegalite_to_svg(json.dumps(picture.spec), vl_version=_VERSION)
    return _finished(drawn, picture)


def png(picture: Picture, scale: float) -> bytes:
    """The picture as PNG on white, *scale* pixels for each of its own."""
    import vl_convert

    spec: dict[str, Any] = {**picture.spec, "background": "white"}
    return bytes(vl_convert.vegalite_to_png(json.dumps(spec), vl_version=_VERSION, scale=scale))


def _finished(drawn: str, picture: Picture) -> str:
    from xml.etree import ElementTree

    root = ElementTree.fromstring(drawn)  # noqa: S314 - the drawing library's own, with every text escaped
    _clean(root)
    name, description = (f"chart-{picture.name}-{part}" for part in ("title", "desc"))
    for at, (tag, identifier, text) in enumerate((("title", name, picture.title), ("desc", description, picture.says))):
        said = ElementTree.Element(tag, {"id": identifier})
        said.text = text
        root.insert(at, said)
    root.attrib |= {"xmlns": _SPACE, "role": "img", "aria-labelledby": f"{name} {description}"}
    return ElementTree.tostring(root, encoding="unicode")


def _clean(element: "Element") -> None:
    """Names without a namespace, colours that a page may change, nothing unseen."""
    element.tag = element.tag.removeprefix(f"{{{_SPACE}}}")
    for key in [key for key in element.attrib if key.startswith(_KEPT_OUT)]:
        del element.attrib[key]
    for key, value in element.attrib.items():
        if value in _INKS:
            element.set(key, _INKS[value])
    for child in list(element):
        if child.get("display") == "none" or (child.get("class") == "background" and not child.get("fill")):
            element.remove(child)
        else:
            _clean(child)
