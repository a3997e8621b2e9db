"""Table of the framework packs that were in force."""

from piccolo.columns import Text, Varchar
from piccolo.table import Table


class PackAdoption(Table, tablename="pack_adoption"):
    """A pack that was taken up; its event says when. `said` is all it says, as digested."""

    digest = Varchar(length=80, primary_key=True)
    pack = Varchar(length=60)
    said = Text()
