"""`kill -9` at any moment, and what the next start finds.

    python -m tests.kills 1000           so many kills, over all scenarios by turns
    python -m tests.kills 50 --seed 7    the kills of one seed, again
    python -m tests.kills 20 --only erase

The plan of one kill:

    a home is copied           from a template that the scenario prepared once
    a child does its work      the program's own code, forked with all imports done; what was
                               acknowledged to it it says at once, over a pipe
    the child is killed        by SIGKILL, and the moment is drawn from the seed:
      at its n-th step         the kernel stops it before each call that changes a file (write,
                               pwrite64, fsync, ftruncate, rename, unlink …; `tracing`), and it
                               dies before the n-th, n within what a whole run makes; so also
                               between the commits of two files, where no clock would hit
      after a time             within what a whole run takes
    the files are looked at    by `looking`, with sqlite3 and nothing of this program: is each
                               database in order, do counts fit rows
    the program starts again   what was acknowledged is there, what was under way is there in
                               whole or not at all, an erase that had begun is finished; what was
                               broken off can be done again and comes to its end

`of_posts` and `of_a_person` have the work, one class each (`scenario`): what is prepared, done, and
must hold. `runner` forks, kills, counts. Where the kernel lets nobody trace a child, all kills are
by time, and the table says so.

What a kill cannot show: a loss of power. SIGKILL leaves to the kernel what was written, synced or
not. That syncs come in the right order is SQLite's matter (WAL with synchronous=FULL), and for the
small files `config/files.py`'s.
"""
