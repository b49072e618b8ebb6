"""All that the program is killed at."""

from .of_a_person import Changing, Consenting, Erasing, Exporting, Marking
from .of_posts import Archiving, Migrating, Refreshing, SettingAside
from .scenario import Scenario

SCENARIOS: tuple[Scenario, ...] = (
    Refreshing(),
    Archiving(),
    Marking(),
    Consenting(),
    Erasing("erase", by_command=False),
    Erasing("erase by command", by_command=True),
    Exporting(),
    Migrating(),
    Changing(),
    SettingAside(),
)
