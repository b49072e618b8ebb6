"""What a person reads is nobody's business: what is left of it on the disk, and who may look.

traces.py       looks through every file for what tells of one post
reader.py       the real program over real files, with a person in it
test_traces.py  nothing before consent, after "never", after an erase; each story is told twice,
                with a post that is read and without, and the files must be the same
test_retention.py   what is too old is gone, also while the program stays open
test_modes.py   every file 0600, every directory 0700, whatever the umask
test_crashes.py reports and logs name no post, and nothing is written over the screen
"""
