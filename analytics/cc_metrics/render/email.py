"""The report as an e-mail (RFC 5322) without recipients: text, HTML and its pictures; the same report, the same bytes.

email_head, email_charts < email_words < email_text, email_markup < email_html; mail clients open it as a draft.
"""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from cc_metrics.language import current
from cc_metrics.model.report import Report
from cc_metrics.render import email_charts, email_head, email_html, email_text, email_words, json

_SEVEN_BITS: Final = SMTP.clone(cte_type="7bit")  # so that every server takes it as it is


def text(report: Report) -> str:
    """The whole message in ASCII, its lines ending in CR LF."""
    identity = email_head.identity(f"{current()}\n{json.text(report)}")
    pictures = email_charts.pictures(report)
    made = EmailMessage(policy=_SEVEN_BITS)
    made["Subject"] = email_words.subject(report)
    made["Date"] = format_datetime(datetime.fromisoformat(report.head.as_of))
    made["Message-ID"] = f"<{identity}@{email_head.DOMAIN}>"
    made["X-Mailer"] = email_head.MAILER
    made["X-Unsent"] = "1"  # Outlook opens it as a draft
    made.set_content(email_text.text(report))
    made.add_alternative(email_html.html(report, pictures), subtype="html")
    _attach(made, pictures)
    for number, part in enumerate(part for part in made.walk() if part.is_multipart()):
        part.set_boundary(f"=_{identity}_{number}")  # no line of base64 or quoted-printable holds "=_"
    return email_head.encoded(made, _SEVEN_BITS).decode("ascii")


def _attach(made: EmailMessage, pictures: email_charts.Pictures) -> None:
    """Put the pictures beside the HTML that shows them."""
    _, page = made.iter_parts()
    for inline in pictures.drawn:
        page.add_related(inline.png, "image", "png", cid=f"<{inline.cid}>", disposition="inline")
