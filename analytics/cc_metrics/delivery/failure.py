"""The short e-mail that says that an unattended run failed: one sentence, no figure and no traceback."""

from email.message import EmailMessage
from email.policy import SMTP

from cc_metrics.language import translated
from cc_metrics.render import email_head, words


def failure_message(name: str, sentence: str, period: str) -> EmailMessage:
    """What *name* could not do for a *period* ("2013-08-20"), ready for `deliver`.

    The same failure of the same period is the same message, so that a second try does not tell it again.
    """
    who, when = (email_head.shortened(words.plain(text), 60) for text in (name, period))
    told = translated("The report {name} for {period} could not be made.", name=who, period=when)
    reason = email_head.shortened("\n".join(map(words.plain, sentence.splitlines())), 1_000)
    made = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    made["Subject"] = email_head.subject(translated("No report {name} for {period}", name=who, period=when))
    made["X-Mailer"] = email_head.MAILER
    content = f"{told}\n\n{reason}"
    made["Message-ID"] = f"<{email_head.identity(content)}@{email_head.DOMAIN}>"
    made.set_content(f"{content}\n")
    return made
