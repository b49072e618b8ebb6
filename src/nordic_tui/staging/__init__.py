"""Puts the parts behind the screen: what every command that draws the reader has in common.

screen.py      the services of the screens, over the parts, the settings and the person's files
handing_on.py  what the screens hand to other programs and to files of their own

Above `wiring`, which knows no screen; below `cli` and `demo`, which both draw one.
"""
