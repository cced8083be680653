"""Service levels as known products define them: formula, edge, redirected calls, interval rule (METRICS 2)."""

from dataclasses import dataclass
from typing import Final

from cc_metrics.model.promise import Edge, Redirected, ServiceTerms
from cc_metrics.model.reconciled import Population, Rule


@dataclass(frozen=True, slots=True)
class Product:
    """One product's definition; its threshold and short-abandon floor are settings of its users.

    *edge* and *rule* are None where its documents do not say. *redirected* is what it may do with redirected calls;
    none where only calls without them tell. *without* is an outcome that it leaves out.
    """

    name: str
    formula: str
    redirected: tuple[Redirected, ...] = ()
    edge: Edge | None = None
    rule: Rule | None = None
    without: str = ""


PRODUCTS: Final = (
    Product("Amazon Connect", "abandons_within_count", ("abandoned",), rule="end"),
    Product("Genesys Cloud", "all_offered", ("out", "abandoned"), rule="answer"),
    Product("Genesys Cloud (without short abandons)", "exclude_short_abandons", ("out",), rule="answer"),
    Product("Genesys Cloud (without abandons)", "answered_only", rule="answer"),
    Product(
        "Genesys Cloud (without abandons, with flow-outs)", "all_offered", ("abandoned",), None, "answer", "abandoned"
    ),
    Product("Genesys ServiceFactor", "exclude_short_abandons", ("out",)),
    Product("Cisco UCCE (abandons ignored)", "exclude_abandons_within", ("late", "out")),
    Product("Cisco UCCE (abandons negative)", "all_offered", ("late", "out")),
    Product("Cisco UCCE (abandons positive)", "abandons_within_count", ("late", "out")),
    Product("Cisco UCCX (only handled)", "answered_only"),
    Product("Cisco UCCX (without abandoned)", "exclude_abandons_within"),
    Product("Cisco UCCX (positive)", "abandons_within_count"),
    Product("Cisco UCCX (negative)", "all_offered", ("abandoned",)),
    Product("Wazo", "answered_only", edge="<=", rule="arrival"),
    Product("Asterisk service level", "answered_only", edge="<="),
    Product("Asterisk service level 2", "abandons_within_count", ("out",), "<="),
    Product("Asternic Stats Lite", "answered_only", edge="<=", rule="end"),
    Product("VICIdial", "answered_only"),
    Product("QueueMetrics", "answered_only"),
    Product("QueueMetrics (inclusive)", "all_offered", ("abandoned",)),
    Product("Talkdesk Live", "exclude_short_abandons"),
    Product("Talkdesk Explore", "all_offered", ("abandoned",), without="abandoned"),
    Product("Aircall", "all_offered", ("abandoned",)),
    Product("Aircall Analytics+", "answered_only"),
    Product("8x8 (accepted in SLA)", "answered_only"),
    Product("8x8 (SLA)", "exclude_short_abandons"),
    Product("RingCentral", "exclude_short_abandons", rule="arrival"),
    Product("Vonage", "all_offered", ("abandoned", "out")),
    Product("XCALLY", "exclude_abandons_within", ("out",), "<"),
    Product("3CX VoicePro", "all_offered", ("abandoned",)),
    Product("Yeastar", "all_offered", ("abandoned",)),
)


def known_as(terms: ServiceTerms, population: Population, *, redirected: bool) -> tuple[str, ...]:
    """The products that define a service level so. *redirected*: whether any call was, else all treat them alike.

    Calls by their arrival stand for every interval rule: it is where a definition departs that the rule must be theirs.

    >>> known_as(ServiceTerms(formula="exclude_abandons_within", edge="<"), Population(), redirected=False)
    ('Cisco UCCE (abandons ignored)', 'Cisco UCCX (without abandoned)', 'XCALLY')
    """
    if population.departure == "zone" or (population.departure == "exclusion" and not population.without):
        return ()
    asked = redirected and (terms.formula != "answered_only")
    return tuple(
        p.name
        for p in PRODUCTS
        if p.formula == terms.formula
        and p.edge in (None, terms.edge)
        and p.without == population.without
        and population.rule in ("arrival", p.rule)
        and (not asked or terms.redirected in p.redirected)
    )
