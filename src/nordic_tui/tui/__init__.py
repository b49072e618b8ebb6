"""The screen: a Textual program over the services. It touches no database, network or parser.

app.py        the application: themes, keys from the settings, events of a refresh
commands.py   every command, declared once: keys, footer, palette and help are made from it
present.py    values -> styled lines; the only place that styles a feed's text
theme.py      our three themes, and colours that can be read in every other
cells.py  sgr.py  strokes.py  driver.py   what a frame changed; its bytes; who sends them
profile.py    how much a terminal is sent
present_sources.py  outline.py   the same for what is followed, and its order in folders
marking.py  counting.py  refreshing.py  status.py  later.py   what a screen leans on: marks, counts,
              refreshes, timers
handing.py  briefing.py  present_links.py   links, texts, files, pictures and briefs to other
              programs and the terminal; what is drawn for that
changing.py  archiving.py   changes of what is followed, and archive runs behind the screen
pressed.py    the keys that were pressed last, in words
screens/      what fills the window    widgets/   what a screen is made of
"""

import os

# Textual draws 60 times a second, and a key that falls between two frames waits for the second
# of them: 33 ms, if something else was drawn just before it. So it is asked to draw more often;
# where nothing changes nothing is drawn. It looks for this as it is imported.
os.environ.setdefault("TEXTUAL_FPS", "240")
