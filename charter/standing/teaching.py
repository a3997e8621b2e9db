"""How lessons are written down: a function, and the kinds of event that teach it."""

from collections.abc import Callable
from typing import Any

from charter.history.events import RecordedEvent
from charter.standing.facts import Known

Lesson = Callable[[Known, RecordedEvent, Any], None]
"""Takes in one event and its facts. It decides nothing."""

Lessons = dict[str, Lesson]
"""The lesson of each kind of event."""


def teacher(lessons: Lessons) -> Callable[..., Callable[[Lesson], Lesson]]:
    """Return the decorator that enters a lesson under the kinds of event that teach it."""

    def on(*kinds: str) -> Callable[[Lesson], Lesson]:
        def teach(lesson: Lesson) -> Lesson:
            lessons.update(dict.fromkeys(kinds, lesson))
            return lesson

        return teach

    return on
