"""What the product does: it chooses, and leaves the doing to the edges.

decide.py    which sources are due, and when one is asked again; pure, time is an argument
refresh.py   fetch -> decode -> store for every due source; yields events
library.py   places, lists of posts and posts, as the screen and the shell ask for them
history.py   consent, and what was read
exchange.py  what an import from another reader adds; pure
ports.py     what the edges must be able to do, as Protocols; `wiring` brings the real ones
"""
