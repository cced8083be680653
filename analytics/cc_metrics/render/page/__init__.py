"""The parts of the HTML page, each a function of the report that returns markup, "" where it has nothing to say.

markup < verdicts, figures, tables, ending; they do not know each other. `page.css` is how it looks.
"""
