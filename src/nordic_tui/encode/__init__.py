"""Values become bytes or text for other programs: the way out, beside `decode`, the way in.

opml.py      what is followed, for other readers
jsonfeed.py  posts, as a JSON Feed
"""
