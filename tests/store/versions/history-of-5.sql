PRAGMA application_id = 1314149704;
PRAGMA user_version = 3;
BEGIN TRANSACTION;
CREATE TABLE asked_text (
                post INTEGER PRIMARY KEY,
                at INTEGER NOT NULL,
                html TEXT NOT NULL
            );
INSERT INTO "asked_text" VALUES(184744508597047235,1717243200,'<p>Asked words</p>');
CREATE TABLE batch (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                at INTEGER NOT NULL,
                undoable INTEGER NOT NULL
            , done TEXT NOT NULL DEFAULT '', undone INTEGER);
INSERT INTO "batch" VALUES(1,1717243200000000,1,'2 posts marked as read.',NULL);
INSERT INTO "batch" VALUES(2,1717243200000001,1,'1 post marked as unread.',NULL);
CREATE TABLE change (
                batch INTEGER NOT NULL,
                post INTEGER NOT NULL,
                was_at INTEGER,
                was_batch INTEGER,
                PRIMARY KEY (batch, post)
            ) WITHOUT ROWID
            ;
INSERT INTO "change" VALUES(1,170330692573334339,NULL,NULL);
INSERT INTO "change" VALUES(1,1984606613762101493,NULL,NULL);
INSERT INTO "change" VALUES(1,8907340451644941264,NULL,NULL);
INSERT INTO "change" VALUES(2,1984606613762101493,1717243200,1);
CREATE TABLE position (
                post INTEGER PRIMARY KEY,
                fraction REAL NOT NULL,
                at INTEGER NOT NULL
            );
INSERT INTO "position" VALUES(6834108669721267690,0.25,1717243200);
CREATE TABLE read_mark (
                post INTEGER PRIMARY KEY,
                at INTEGER NOT NULL,
                batch INTEGER NOT NULL
            );
INSERT INTO "read_mark" VALUES(170330692573334339,1717243200,1);
INSERT INTO "read_mark" VALUES(8907340451644941264,1717243200,1);
CREATE INDEX read_mark_batch ON read_mark (batch);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('batch',2);
CREATE VIRTUAL TABLE asked_found USING fts5 (
                title, text, author, category,
                tokenize = "unicode61 remove_diacritics 0"
            );
INSERT INTO asked_found (rowid, title, text, author, category) VALUES (184744508597047235, 'Title c', ' Asked words ', 'Kari', 'aoa  aeoa  aeoeaa  Police');
COMMIT;
