"""The tables of both files, as numbered steps from nothing to the present version.

A file's version is its `PRAGMA user_version`: the number of steps that were run on it. A step
that was released is never edited; a change is a new step at the end.
"""

import sqlite3
from typing import NamedTuple

from nordic_tui.store.identity import host, same_post

Step = tuple[str, ...]
"""The statements that lead from one version to the next."""


class Schema(NamedTuple):
    """What kind of file it is and how it came to be."""

    application_id: int
    """Written into the file's header, so that a foreign database is known as one."""
    steps: tuple[Step, ...]

    @property
    def version(self) -> int:
        return len(self.steps)


def migrate(connection: sqlite3.Connection, schema: Schema) -> None:
    """Run the steps that are still missing. Inside a transaction.

    Steps may call `host` and `same_post` (identity.py).
    The version is read here again: another process may have been faster.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    connection.create_function("host", 1, host, deterministic=True)
    connection.create_function("same_post", 3, same_post, deterministic=True)
    for step in schema.steps[version:]:
        for statement in step:
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {schema.application_id:d}")
    connection.execute(f"PRAGMA user_version = {max(version, schema.version):d}")


# What a post's words and its place follow from, and which posts.
_REINDEX: Step = tuple(
    f"CREATE TRIGGER reindex_{number} AFTER {event} BEGIN"
    f" INSERT OR IGNORE INTO unindexed {seqs}; END"
    for number, (event, seqs) in enumerate(
        (
            ("INSERT ON body", "VALUES (new.seq)"),
            ("UPDATE ON body", "VALUES (new.seq)"),
            ("UPDATE OF ord ON post", "VALUES (new.seq)"),
            ("INSERT ON post_category", "VALUES (new.seq)"),
            ("DELETE ON post_category", "VALUES (old.seq)"),
            (
                "UPDATE OF name ON category WHEN old.name <> new.name",
                "SELECT c.seq FROM post_category AS c WHERE c.category = new.id",
            ),
            ("INSERT ON post_tags", "VALUES (new.seq)"),
            ("UPDATE ON post_tags", "VALUES (new.seq)"),
            ("DELETE ON post_tags", "VALUES (old.seq)"),
            ("INSERT ON full_text", "VALUES (new.seq)"),
            ("UPDATE ON full_text", "VALUES (new.seq)"),
            ("DELETE ON full_text", "VALUES (old.seq)"),
        )
    )
)

# Times are whole seconds since 1970, UTC. Ids are made from names (see identity.py), so that
# they are the same after a loss of the file; `seq` is the order of arrival in this file.
# Every `total` is kept by whoever writes, in the same transaction.
CACHE = Schema(
    application_id=0x4E545543,  # "NTUC"
    steps=(
        (
            """
            CREATE TABLE source (
                id INTEGER PRIMARY KEY,
                address TEXT NOT NULL UNIQUE,
                place INTEGER NOT NULL,
                followed INTEGER NOT NULL,
                name TEXT NOT NULL DEFAULT '',
                title TEXT NOT NULL DEFAULT '',
                site_url TEXT NOT NULL DEFAULT '',
                total INTEGER NOT NULL DEFAULT 0,
                etag TEXT NOT NULL DEFAULT '',
                last_modified TEXT NOT NULL DEFAULT '',
                body_hash TEXT NOT NULL DEFAULT '',
                read_from TEXT NOT NULL DEFAULT '',
                checked_at INTEGER,
                next_at INTEGER,
                failures INTEGER NOT NULL DEFAULT 0,
                error TEXT NOT NULL DEFAULT '',
                stopped INTEGER NOT NULL DEFAULT 0
            )
            """,
            """
            CREATE TABLE post (
                seq INTEGER PRIMARY KEY AUTOINCREMENT,
                id INTEGER NOT NULL UNIQUE,
                source INTEGER NOT NULL,
                ord INTEGER NOT NULL,
                shown INTEGER NOT NULL,
                label TEXT NOT NULL,
                folded TEXT NOT NULL,
                published INTEGER,
                first_seen INTEGER,
                bundled INTEGER NOT NULL,
                fingerprint INTEGER NOT NULL
            )
            """,
            # All that a row of the list shows is in the index: a page costs no look-up in the
            # table, which on a cold file is the difference between 1 and 17 ms.
            """
            CREATE INDEX post_list ON post
                (shown, ord DESC, seq DESC, id, label, published, folded)
            """,
            "CREATE INDEX post_source ON post (source, shown, ord DESC, seq DESC, id)",
            "CREATE INDEX post_bundled ON post (source) WHERE bundled = 1",
            # A post whose id is not made from its own identity: one that took over a bundled
            # post and with it the bundled post's id.
            "CREATE TABLE alias (identity INTEGER PRIMARY KEY, seq INTEGER NOT NULL)",
            """
            CREATE TABLE body (
                seq INTEGER PRIMARY KEY,
                guid TEXT NOT NULL,
                link TEXT NOT NULL,
                title TEXT NOT NULL,
                updated INTEGER,
                authors TEXT NOT NULL,
                enclosures TEXT NOT NULL,
                more INTEGER NOT NULL,
                protected INTEGER NOT NULL,
                excerpt TEXT NOT NULL,
                content TEXT NOT NULL
            )
            """,
            """
            CREATE TABLE category (
                id INTEGER PRIMARY KEY,
                source INTEGER NOT NULL,
                name TEXT NOT NULL,
                folded TEXT NOT NULL,
                place INTEGER NOT NULL,
                total INTEGER NOT NULL
            )
            """,
            "CREATE INDEX category_source ON category (source)",
            # `post` is the post's id: whether it is unread is known without a look-up.
            """
            CREATE TABLE post_category (
                category INTEGER NOT NULL,
                ord INTEGER NOT NULL,
                seq INTEGER NOT NULL,
                post INTEGER NOT NULL,
                PRIMARY KEY (category, ord, seq)
            ) WITHOUT ROWID
            """,
            "CREATE INDEX post_category_seq ON post_category (seq)",
        ),
        (
            "ALTER TABLE source ADD COLUMN validated TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE source ADD COLUMN parser INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE source ADD COLUMN moving_to TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE source ADD COLUMN not_before INTEGER",
            "ALTER TABLE source ADD COLUMN next_why TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE source ADD COLUMN rhythm_s REAL",
            "ALTER TABLE source ADD COLUMN update_s REAL",
            "ALTER TABLE source ADD COLUMN asked INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE source ADD COLUMN spared INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE source ADD COLUMN outcome TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE source ADD COLUMN rest TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE source ADD COLUMN terms_at INTEGER",
            # As the settings have them; tags as a JSON array.
            "ALTER TABLE source ADD COLUMN paused INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE source ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE source ADD COLUMN folder TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE source ADD COLUMN tags TEXT NOT NULL DEFAULT ''",
            # Posts of several sources with the same `same` are one post. `overlap` says which
            # sources these are (0: one alone), followed or not; `twin` is 1 where a post of a
            # followed source stands behind another one that came first.
            "ALTER TABLE post ADD COLUMN same INTEGER",
            "ALTER TABLE post ADD COLUMN overlap INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE post ADD COLUMN twin INTEGER NOT NULL DEFAULT 0",
            # Whether its categories were told by their slugs and not by names alone.
            "ALTER TABLE post ADD COLUMN by_slug INTEGER NOT NULL DEFAULT 0",
            # `sources` are ids in rising order; `total` posts are in just these.
            """
            CREATE TABLE overlap (
                id INTEGER PRIMARY KEY,
                sources TEXT NOT NULL UNIQUE,
                total INTEGER NOT NULL
            )
            """,
            """
            UPDATE post SET same = (
                SELECT same_post(host(s.address), b.guid, b.link)
                FROM source AS s, body AS b WHERE s.id = post.source AND b.seq = post.seq
            )
            """,
            "CREATE INDEX post_same ON post (same) WHERE same IS NOT NULL",
            """
            CREATE TEMP TABLE common AS
            SELECT same, group_concat(source) AS sources
            FROM (SELECT same, source FROM post WHERE same IS NOT NULL ORDER BY same, source)
            GROUP BY same HAVING COUNT(*) > 1
            """,
            """
            INSERT INTO overlap (sources, total)
            SELECT sources, COUNT(*) FROM temp.common GROUP BY sources
            """,
            """
            UPDATE post SET
                overlap = (SELECT o.id FROM temp.common AS c JOIN overlap AS o USING (sources)
                    WHERE c.same = post.same),
                twin = shown AND EXISTS (SELECT 1 FROM post AS q
                    WHERE q.same = post.same AND q.shown = 1 AND q.seq < post.seq)
            WHERE same IN (SELECT same FROM temp.common)
            """,
            "DROP TABLE temp.common",
            "CREATE INDEX post_overlap ON post (source) WHERE overlap <> 0",
            "DROP INDEX post_list",
            """
            CREATE INDEX post_list ON post
                (shown, ord DESC, seq DESC, twin, source, overlap, id, label, published, folded)
            """,
            # The categories of a source's site, where the site has told them; `parent` is a
            # `number`.
            """
            CREATE TABLE term (
                source INTEGER NOT NULL,
                number INTEGER NOT NULL,
                name TEXT NOT NULL,
                slug TEXT NOT NULL,
                parent INTEGER NOT NULL,
                PRIMARY KEY (source, number)
            ) WITHOUT ROWID
            """,
            # `label`: what to call it where its name alone does not tell it from another one;
            # `parent`: the id of the category that it is below.
            "ALTER TABLE category ADD COLUMN slug TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE category ADD COLUMN label TEXT",
            "ALTER TABLE category ADD COLUMN parent INTEGER",
            # What a feed names as categories of a post and what are none of its site's: tags.
            "CREATE TABLE post_tags (seq INTEGER PRIMARY KEY, names TEXT NOT NULL)",
            # Folders and saved views, and the sources of each: those with a row of their own in
            # the sidebar for a folder, all for a saved view.
            """
            CREATE TABLE collection (
                id INTEGER PRIMARY KEY,
                kind TEXT NOT NULL,
                place INTEGER NOT NULL,
                name TEXT NOT NULL,
                unread_only INTEGER NOT NULL DEFAULT 0,
                title TEXT NOT NULL DEFAULT '',
                tag TEXT NOT NULL DEFAULT '',
                address TEXT NOT NULL DEFAULT ''
            )
            """,
            """
            CREATE TABLE collected (
                collection INTEGER NOT NULL,
                source INTEGER NOT NULL,
                PRIMARY KEY (collection, source)
            ) WITHOUT ROWID
            """,
            """
            CREATE TABLE archive (
                source INTEGER PRIMARY KEY,
                method TEXT NOT NULL,
                cursor TEXT NOT NULL,
                fetched INTEGER NOT NULL,
                total INTEGER,
                complete INTEGER NOT NULL,
                at INTEGER,
                error TEXT NOT NULL
            )
            """,
        ),
        (
            "ALTER TABLE source ADD COLUMN answered_by TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE source ADD COLUMN asks_old INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE source ADD COLUMN missed_since INTEGER",
            "ALTER TABLE source ADD COLUMN warning TEXT NOT NULL DEFAULT ''",
            # Until now a 304 and the same body were counted as one: the count begins anew.
            "ALTER TABLE source ADD COLUMN not_modified INTEGER NOT NULL DEFAULT 0",
            "UPDATE source SET asked = 0, spared = 0",
        ),
        (
            # Words of posts, folded (text/words.py). `doc` rises with a post's date, so that the
            # newest are found first; a post that changes gets another one, and what has no row in
            # `indexed` any more is found no more. `unindexed`: what is to be put in.
            """
            CREATE VIRTUAL TABLE found USING fts5 (
                title, text, author, category,
                content = '', columnsize = 0, tokenize = "unicode61 remove_diacritics 0"
            )
            """,
            # The titles alone, under the same numbers: what begins like a word of two letters is
            # found in 5 ms here and in up to 130 ms there (100,000 posts).
            """
            CREATE VIRTUAL TABLE found_title USING fts5 (
                title,
                content = '', columnsize = 0, tokenize = "unicode61 remove_diacritics 0"
            )
            """,
            "CREATE TABLE indexed (doc INTEGER PRIMARY KEY, seq INTEGER NOT NULL)",
            "CREATE UNIQUE INDEX indexed_seq ON indexed (seq)",
            "CREATE TABLE unindexed (seq INTEGER PRIMARY KEY)",
            "INSERT INTO unindexed SELECT seq FROM post",
            "ALTER TABLE collection ADD COLUMN search TEXT NOT NULL DEFAULT ''",
            # When its words last became others, and what they were before: of every post, so that
            # it tells nothing of what was read.
            "ALTER TABLE post ADD COLUMN changed_at INTEGER",
            """
            CREATE TABLE earlier (
                seq INTEGER NOT NULL,
                until INTEGER NOT NULL,
                title TEXT NOT NULL,
                excerpt TEXT NOT NULL,
                content TEXT NOT NULL
            )
            """,
            "CREATE INDEX earlier_seq ON earlier (seq, until)",
            # The text of a post's own page, as HTML, of the newest posts of sources that want it of
            # all: it tells nothing of what was read. Empty where the page gave none, or no more
            # than the feed. `failures`: how often in a row it could not be had.
            """
            CREATE TABLE full_text (
                seq INTEGER PRIMARY KEY,
                fetched_at INTEGER NOT NULL,
                html TEXT NOT NULL,
                failures INTEGER NOT NULL DEFAULT 0
            )
            """,
            # Posts that a rule hides are not `shown` and are counted nowhere; what it takes to show
            # them again (hiding.py).
            "CREATE TABLE hidden (seq INTEGER PRIMARY KEY, same INTEGER)",
            """
            CREATE TABLE hidden_category (
                seq INTEGER NOT NULL,
                category INTEGER NOT NULL,
                PRIMARY KEY (seq, category)
            ) WITHOUT ROWID
            """,
            """
            CREATE TABLE hidden_by (
                rule INTEGER NOT NULL,
                seq INTEGER NOT NULL,
                PRIMARY KEY (rule, seq)
            ) WITHOUT ROWID
            """,
            "CREATE INDEX hidden_by_seq ON hidden_by (seq)",
            # What rules that are on do, one thing a row (ruling.py).
            """
            CREATE TABLE rule (
                id INTEGER PRIMARY KEY,
                search TEXT NOT NULL,
                kind TEXT NOT NULL,
                tag TEXT NOT NULL
            )
            """,
            # Posts that the rules are to be asked about, since their words came into the index.
            "CREATE TABLE unruled (seq INTEGER PRIMARY KEY)",
            """
            CREATE TRIGGER ask_rules AFTER INSERT ON indexed
            WHEN EXISTS (SELECT 1 FROM rule)
            BEGIN INSERT OR IGNORE INTO unruled VALUES (new.seq); END
            """,
            "ALTER TABLE source ADD COLUMN page_error TEXT NOT NULL DEFAULT ''",
            "DROP INDEX post_list",
            """
            CREATE INDEX post_list ON post
                (shown, ord DESC, seq DESC, twin, source, overlap, id, label, published, changed_at,
                folded)
            """,
            *_REINDEX,
        ),
    ),
)

# What a person asked to keep. `kept` is what a post said when it was starred or tagged: it is
# there also after the cache is lost, for as long as a star, a tag or an act needs it. An `act` is
# one thing that a person did and can take back; `act_change` holds what was in place before it,
# and once it is undone, what was after it; NULL: nothing was.
LIBRARY = Schema(
    application_id=0x4E54554C,  # "NTUL"
    steps=(
        (
            "CREATE TABLE star (post INTEGER PRIMARY KEY, at INTEGER NOT NULL)",
            """
            CREATE TABLE tagged (
                post INTEGER NOT NULL,
                tag TEXT NOT NULL,
                at INTEGER NOT NULL,
                PRIMARY KEY (post, tag)
            ) WITHOUT ROWID
            """,
            "CREATE INDEX tagged_tag ON tagged (tag, post)",
            """
            CREATE TABLE kept (
                post INTEGER PRIMARY KEY,
                address TEXT NOT NULL,
                entry TEXT NOT NULL
            )
            """,
            # Posts that a rule has starred or tagged: it does so once.
            """
            CREATE TABLE ruled (
                rule INTEGER NOT NULL,
                post INTEGER NOT NULL,
                PRIMARY KEY (rule, post)
            ) WITHOUT ROWID
            """,
            # When an act was done is in microseconds: what was done last is undone first, in
            # whichever file it is. `undone`: when it was taken back.
            """
            CREATE TABLE act (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                at INTEGER NOT NULL,
                done TEXT NOT NULL,
                undone INTEGER
            )
            """,
            """
            CREATE TABLE act_change (
                act INTEGER NOT NULL,
                post INTEGER NOT NULL,
                tag TEXT NOT NULL,
                was INTEGER,
                PRIMARY KEY (act, post, tag)
            ) WITHOUT ROWID
            """,
            # How a person wants the posts of a place in order, where not newest first.
            """
            CREATE TABLE place (
                kind TEXT NOT NULL,
                id INTEGER NOT NULL,
                unread_only INTEGER NOT NULL,
                sorting TEXT NOT NULL,
                PRIMARY KEY (kind, id)
            ) WITHOUT ROWID
            """,
        ),
    ),
)

# A batch is one act of marking, of one post or of a whole view. `change` holds what the marks
# of a batch were before it, for as long as it can be undone or done again; NULL: there was no
# mark.
HISTORY = Schema(
    application_id=0x4E545548,  # "NTUH"
    steps=(
        (
            """
            CREATE TABLE read_mark (
                post INTEGER PRIMARY KEY,
                at INTEGER NOT NULL,
                batch INTEGER NOT NULL
            )
            """,
            "CREATE INDEX read_mark_batch ON read_mark (batch)",
            """
            CREATE TABLE position (
                post INTEGER PRIMARY KEY,
                fraction REAL NOT NULL,
                at INTEGER NOT NULL
            )
            """,
            """
            CREATE TABLE batch (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                at INTEGER NOT NULL,
                undoable INTEGER NOT NULL
            )
            """,
            """
            CREATE TABLE change (
                batch INTEGER NOT NULL,
                post INTEGER NOT NULL,
                was_at INTEGER,
                was_batch INTEGER,
                PRIMARY KEY (batch, post)
            ) WITHOUT ROWID
            """,
        ),
        (
            # From now on a batch's time is in microseconds, as an act's in the library: what was
            # done last is undone first, in whichever file it is. `done`: what it did, a sentence.
            # `undone`: when it was taken back; then `change` holds what the marks were after it.
            "ALTER TABLE batch ADD COLUMN done TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE batch ADD COLUMN undone INTEGER",
            """
            UPDATE batch SET at = at * 1000000 + id % 1000000, done = (
                SELECT iif(COUNT(*) = 1, '1 post', COUNT(*) || ' posts')
                    || iif(MAX(c.was_at) IS NULL, ' marked as read.', ' marked as unread.')
                FROM change AS c WHERE c.batch = batch.id)
            """,
            # The text of a page that a person asked for: that it is here tells what was read. It is
            # empty where the text is of no use any more and its words may still be in the index.
            """
            CREATE TABLE asked_text (
                post INTEGER PRIMARY KEY,
                at INTEGER NOT NULL,
                html TEXT NOT NULL
            )
            """,
        ),
        (
            # The words of the posts with such texts, by the posts' ids: the index in the cache
            # knows them no more. Where they may still be in it, the row of the post 0 says so.
            """
            CREATE VIRTUAL TABLE asked_found USING fts5 (
                title, text, author, category,
                tokenize = "unicode61 remove_diacritics 0"
            )
            """,
            "INSERT OR REPLACE INTO asked_text SELECT 0, 0, '' FROM asked_text LIMIT 1",
            "DELETE FROM asked_text WHERE html = '' AND post <> 0",
        ),
        (
            # Where a person was when they quit (store/last_place.py).
            """
            CREATE TABLE last_place (
                one INTEGER PRIMARY KEY CHECK (one = 1),
                at INTEGER NOT NULL,
                kind TEXT NOT NULL,
                id INTEGER NOT NULL,
                name TEXT NOT NULL,
                search TEXT NOT NULL,
                post INTEGER NOT NULL,
                opened INTEGER NOT NULL,
                fraction REAL NOT NULL,
                line INTEGER NOT NULL
            )
            """,
        ),
    ),
)
