"""A picture of a report as a notebook shows it: interactive where Vega-Lite is known, else as an image."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cc_metrics.render.charts import Picture


class ShownChart:
    """One picture; *spec* is its Vega-Lite specification as plain data, with the rows that it draws."""

    def __init__(self, picture: "Picture") -> None:
        self._picture = picture

    @property
    def spec(self) -> dict[str, Any]:
        """The Vega-Lite specification (version 5)."""
        return self._picture.spec

    @property
    def svg(self) -> str:
        """The picture as one <svg>."""
        from cc_metrics.render.charts import draw

        return draw.svg(self._picture)

    def __repr__(self) -> str:
        return f"{self._picture.title}. {self._picture.says}"

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return {
            "application/vnd.vegalite.v5+json": self.spec,
            "image/svg+xml": self.svg,
            "text/plain": repr(self),
        }
