"""The reader without panes: line by line, for screen readers, braille lines, dumb terminals and
pipes. The same services as the screen, and nothing of Textual.

services.py  what it is given
reader.py    the dialogue: what is typed, who does it, how it ends
commands.py  every command, declared once: what is typed and help are made from it
lists.py  posts.py  marks.py  links.py  news.py  own_data.py   what the commands do
session.py   what all of them share: the list that is shown, what a number means
words.py  prose.py   values and texts of posts -> words; they know no terminal
talk.py      words -> lines of a width, by the page where somebody can go on
typing.py    lines that a person types

No cursor is moved, no colour is set, no box is drawn: what is written are lines of text. Each
state is a word. Nothing is written while somebody may be typing: what happened meanwhile is said
before the next question.
"""
