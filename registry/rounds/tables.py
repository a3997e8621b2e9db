"""The table that says how far each round has got."""

from piccolo.columns import Timestamptz, Varchar
from piccolo.table import Table


class ScheduleWindow(Table, tablename="schedule_window"):
    """One round: everything that was due before `completed_until` has been done.

    It is None where the round never went well. `fault` names the kind of error that stopped the
    last walk, if one did.
    """

    name = Varchar(length=60, primary_key=True)
    completed_until = Timestamptz(null=True, default=None)
    fault = Varchar(length=100, default="")
