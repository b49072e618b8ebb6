"""How the program begins and ends, whatever happens to it and wherever it is.

modes.py    what a terminal is left with, read from the bytes that it was sent
site.py     a server that answers, feeds slowly, or says nothing at all
places.py   where the program can be: in a dialog, in a text, in a refresh without end
events.py   what can happen to it there
__main__.py     every event in every place, with the time that it took

    python -m tests.lifecycle       the whole table
"""
