"""Every template can be read."""

from registry.web.rendering import environment
from tests.world import the_pack


def test_every_template_compiles() -> None:
    made = environment(the_pack().zone)
    for name in made.list_templates(extensions=["html"]):
        if not name.startswith("govuk_frontend_jinja/"):
            made.get_template(name)
