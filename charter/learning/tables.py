"""The table of learning notes."""

from piccolo.columns import UUID, BigSerial, Timestamptz, Varchar
from piccolo.table import Table


class LearningNote(Table, tablename="learning_note"):
    """A published note on what worked or did not, by type and action."""

    id = BigSerial(primary_key=True)
    organisation = UUID(index=True)
    type = Varchar(length=40)
    action = Varchar(length=80, default="")
    worked = Varchar(length=20)
    words = UUID()
    published_at = Timestamptz(default=None)
