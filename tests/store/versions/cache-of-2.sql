PRAGMA application_id = 1314149699;
PRAGMA user_version = 2;
BEGIN TRANSACTION;
CREATE TABLE alias (identity INTEGER PRIMARY KEY, seq INTEGER NOT NULL);
CREATE TABLE archive (
                source INTEGER PRIMARY KEY,
                method TEXT NOT NULL,
                cursor TEXT NOT NULL,
                fetched INTEGER NOT NULL,
                total INTEGER,
                complete INTEGER NOT NULL,
                at INTEGER,
                error TEXT NOT NULL
            );
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
            );
INSERT INTO "body" VALUES(1,'c','https://news.example/c/','Title c',NULL,'["Kari"]','',1,0,'','<p>Text c</p>');
INSERT INTO "body" VALUES(2,'b','https://news.example/b/','Title b',NULL,'["Kari"]','',1,0,'','<p>Text b</p>');
INSERT INTO "body" VALUES(3,'a','https://news.example/a/','Title a',NULL,'["Kari"]','',1,0,'','<p>Text a</p>');
INSERT INTO "body" VALUES(4,'b','https://news.example/b/','Title b',NULL,'["Kari"]','',1,0,'','<p>Text b</p>');
INSERT INTO "body" VALUES(5,'a','https://news.example/a/','Title a',NULL,'["Kari"]','',1,0,'','<p>Text a</p>');
INSERT INTO "body" VALUES(6,'y','','Ærlig',NULL,'','',0,0,'','');
INSERT INTO "body" VALUES(7,'z','','Title z',NULL,'','',0,1,'No date','');
CREATE TABLE category (
                id INTEGER PRIMARY KEY,
                source INTEGER NOT NULL,
                name TEXT NOT NULL,
                folded TEXT NOT NULL,
                place INTEGER NOT NULL,
                total INTEGER NOT NULL
            , slug TEXT NOT NULL DEFAULT '', label TEXT, parent INTEGER);
INSERT INTO "category" VALUES(1047433177433223447,6218828312463398366,'Æøå','aeoa',1,2,'',NULL,NULL);
INSERT INTO "category" VALUES(1250730530823549233,6218828312463398366,'Police','police',0,2,'',NULL,NULL);
INSERT INTO "category" VALUES(4436717930681929446,2165264083888565407,'Æøå','aeoa',1,3,'',NULL,NULL);
INSERT INTO "category" VALUES(4594426458391166633,2165264083888565407,'Police','police',0,3,'',NULL,NULL);
CREATE TABLE collected (
                collection INTEGER NOT NULL,
                source INTEGER NOT NULL,
                PRIMARY KEY (collection, source)
            ) WITHOUT ROWID
            ;
CREATE TABLE collection (
                id INTEGER PRIMARY KEY,
                kind TEXT NOT NULL,
                place INTEGER NOT NULL,
                name TEXT NOT NULL,
                unread_only INTEGER NOT NULL DEFAULT 0,
                title TEXT NOT NULL DEFAULT '',
                tag TEXT NOT NULL DEFAULT '',
                address TEXT NOT NULL DEFAULT ''
            );
CREATE TABLE overlap (
                id INTEGER PRIMARY KEY,
                sources TEXT NOT NULL UNIQUE,
                total INTEGER NOT NULL
            );
INSERT INTO "overlap" VALUES(1,'2165264083888565407,6218828312463398366',2);
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
            , same INTEGER, overlap INTEGER NOT NULL DEFAULT 0, twin INTEGER NOT NULL DEFAULT 0, by_slug INTEGER NOT NULL DEFAULT 0);
INSERT INTO "post" VALUES(1,184744508597047235,2165264083888565407,1715068800,1,'Title c','title c',1715068800,1717243200,0,7450034144042567397,3894422571062799353,0,0,0);
INSERT INTO "post" VALUES(2,6834108669721267690,2165264083888565407,1715155200,1,'Title b','title b',1715155200,1717243200,0,4069294555948524858,421408898696404328,1,0,0);
INSERT INTO "post" VALUES(3,170330692573334339,2165264083888565407,1715241600,1,'Title a','title a',1715241600,1717243200,0,1644060847483253069,1667408584120668131,1,0,0);
INSERT INTO "post" VALUES(4,6585333725834834955,6218828312463398366,1715155200,0,'Title b','title b',1715155200,1717243200,0,4069294555948524858,421408898696404328,1,0,0);
INSERT INTO "post" VALUES(5,8907340451644941264,6218828312463398366,1715241600,0,'Title a','title a',1715241600,1717243200,0,1644060847483253069,1667408584120668131,1,0,0);
INSERT INTO "post" VALUES(6,2681028530430655930,2783625116848099494,1714723200,1,'Ærlig','aerlig',1714723200,1717243200,0,7578558336696594775,NULL,0,0,0);
INSERT INTO "post" VALUES(7,1984606613762101493,2783625116848099494,1717243200,1,'Title z','title z',NULL,1717243200,0,3491266959732045222,NULL,0,0,0);
CREATE TABLE post_category (
                category INTEGER NOT NULL,
                ord INTEGER NOT NULL,
                seq INTEGER NOT NULL,
                post INTEGER NOT NULL,
                PRIMARY KEY (category, ord, seq)
            ) WITHOUT ROWID
            ;
INSERT INTO "post_category" VALUES(1047433177433223447,1715155200,4,6585333725834834955);
INSERT INTO "post_category" VALUES(1047433177433223447,1715241600,5,8907340451644941264);
INSERT INTO "post_category" VALUES(1250730530823549233,1715155200,4,6585333725834834955);
INSERT INTO "post_category" VALUES(1250730530823549233,1715241600,5,8907340451644941264);
INSERT INTO "post_category" VALUES(4436717930681929446,1715068800,1,184744508597047235);
INSERT INTO "post_category" VALUES(4436717930681929446,1715155200,2,6834108669721267690);
INSERT INTO "post_category" VALUES(4436717930681929446,1715241600,3,170330692573334339);
INSERT INTO "post_category" VALUES(4594426458391166633,1715068800,1,184744508597047235);
INSERT INTO "post_category" VALUES(4594426458391166633,1715155200,2,6834108669721267690);
INSERT INTO "post_category" VALUES(4594426458391166633,1715241600,3,170330692573334339);
CREATE TABLE post_tags (seq INTEGER PRIMARY KEY, names TEXT NOT NULL);
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
            , validated TEXT NOT NULL DEFAULT '', parser INTEGER NOT NULL DEFAULT 0, moving_to TEXT NOT NULL DEFAULT '', not_before INTEGER, next_why TEXT NOT NULL DEFAULT '', rhythm_s REAL, update_s REAL, asked INTEGER NOT NULL DEFAULT 0, spared INTEGER NOT NULL DEFAULT 0, outcome TEXT NOT NULL DEFAULT '', rest TEXT NOT NULL DEFAULT '', terms_at INTEGER, paused INTEGER NOT NULL DEFAULT 0, hidden INTEGER NOT NULL DEFAULT 0, folder TEXT NOT NULL DEFAULT '', tags TEXT NOT NULL DEFAULT '');
INSERT INTO "source" VALUES(2165264083888565407,'https://news.example/feed/',0,1,'Nyheter','Feed of https://news.example/feed/','https://news.example/feed/',3,'abc','Sat','','',1717243200,1717243200,0,'',0,'',0,'',NULL,'',NULL,NULL,0,0,'','',NULL,0,0,'','');
INSERT INTO "source" VALUES(2783625116848099494,'https://blog.example/feed/',1,1,'','Feed of https://blog.example/feed/','https://blog.example/feed/',2,'','','','',NULL,NULL,3,'did not answer within 20 s',0,'',0,'',NULL,'',NULL,NULL,0,0,'','',NULL,0,0,'','');
INSERT INTO "source" VALUES(6218828312463398366,'http://news.example:8080/police/feed/',1,0,'','Feed of http://news.example:8080/police/feed/','http://news.example:8080/police/feed/',2,'','','','https://news.example/feed/',NULL,NULL,0,'',1,'',0,'',NULL,'',NULL,NULL,0,0,'','',NULL,0,0,'','');
CREATE TABLE term (
                source INTEGER NOT NULL,
                number INTEGER NOT NULL,
                name TEXT NOT NULL,
                slug TEXT NOT NULL,
                parent INTEGER NOT NULL,
                PRIMARY KEY (source, number)
            ) WITHOUT ROWID
            ;
CREATE INDEX post_source ON post (source, shown, ord DESC, seq DESC, id);
CREATE INDEX post_bundled ON post (source) WHERE bundled = 1;
CREATE INDEX category_source ON category (source);
CREATE INDEX post_category_seq ON post_category (seq);
CREATE INDEX post_same ON post (same) WHERE same IS NOT NULL;
CREATE INDEX post_overlap ON post (source) WHERE overlap <> 0;
CREATE INDEX post_list ON post
                (shown, ord DESC, seq DESC, twin, source, overlap, id, label, published, folded)
            ;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('post',7);
COMMIT;
