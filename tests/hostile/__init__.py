"""Our own corpus of hostile inputs: what strangers may send, and what the reader does with it.

case.py      what every case has; table.py makes the table of them all (README.md beside it)
terminal.py  spoofing.py  markup.py  links.py     texts, through the gate and onto the screen
xml.py  feed.py  json.py  opml.py                 bodies, through the decoders
http.py                                           answers of servers, through the fetcher
local_files.py                                    files, folders and what pretends to be one

Each group is a module with `CASES`, and a test module beside it (`test_terminal.py` and so on) that
shows of every case that what it says in `does` is what happens. A case is data: what comes in, and
what is expected of it.
"""
