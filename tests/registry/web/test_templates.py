"""Every template can be read."""

from registry.web.rendering import environment


def test_every_template_compiles() -> None:
    made = environment()
    for name in made.list_templates(extensions=["html"]):
        if not name.startswith("govuk_frontend_jinja/"):
            made.get_template(name)
