-- The index of names. Things are numbered organisations first, then by kind; within a kind those with the shortest
-- names come first, so that the first rows of an answer are the best to look at.

CREATE TABLE thing (
  number INTEGER PRIMARY KEY, iri TEXT NOT NULL, kind TEXT NOT NULL, label TEXT NOT NULL, code TEXT, context TEXT,
  start_day TEXT, end_day TEXT
);
CREATE TABLE kind (name TEXT PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE name (
  thing INTEGER NOT NULL, role TEXT NOT NULL, text TEXT NOT NULL, since TEXT, until TEXT, seen TEXT, form TEXT
);
CREATE TABLE code (code TEXT NOT NULL, thing INTEGER NOT NULL, PRIMARY KEY (code, thing)) WITHOUT ROWID;
CREATE TABLE fact (thing INTEGER NOT NULL, property TEXT NOT NULL, value TEXT NOT NULL);
CREATE TABLE membership (thing INTEGER NOT NULL, class TEXT NOT NULL, since TEXT, until TEXT);

-- From when to when organisations exist, where that is stated; and every membership of one that exists, in the order of
-- names: what lists of organisations are made of.
CREATE TABLE life (thing INTEGER PRIMARY KEY, first TEXT, last TEXT);
CREATE TABLE listed (
  place INTEGER NOT NULL, class TEXT NOT NULL, since TEXT NOT NULL, until TEXT NOT NULL, thing INTEGER NOT NULL,
  PRIMARY KEY (place, class, since, until)
) WITHOUT ROWID;
CREATE TABLE class (class TEXT NOT NULL, within TEXT NOT NULL, label TEXT NOT NULL);
CREATE TABLE succession (before INTEGER NOT NULL, after INTEGER NOT NULL, day TEXT);
CREATE TABLE norm (norm TEXT NOT NULL, class TEXT NOT NULL, label TEXT NOT NULL, provision TEXT NOT NULL);

-- Words of all names and texts (for search), and those words of organisations’ names in their one form that tell
-- one from another (for reconciliation). The texts themselves are not kept twice.
CREATE VIRTUAL TABLE words USING fts5(text, content = '', columnsize = 0, detail = none, tokenize = 'ascii', prefix = '1 2 3');
CREATE VIRTUAL TABLE forms USING fts5(text, content = '', columnsize = 0, detail = none, tokenize = 'ascii');
CREATE TABLE word (field TEXT NOT NULL, word TEXT NOT NULL, things INTEGER NOT NULL, PRIMARY KEY (field, word))
  WITHOUT ROWID;
CREATE TABLE spelling (field TEXT NOT NULL, gram TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (field, gram, word))
  WITHOUT ROWID;

-- What is read from the graph, until it is put in order. Identifiers are numbered as they are read, since numbers are
-- joined and sorted in a fraction of the time. This part is thrown away.
CREATE TABLE staged.iri (id INTEGER PRIMARY KEY, iri TEXT);
CREATE TABLE staged.identity (id INTEGER, property TEXT, value TEXT);
CREATE TABLE staged.named (id INTEGER, text TEXT, since TEXT, seen TEXT, until TEXT);
CREATE TABLE staged.member (id INTEGER, class TEXT, since TEXT, seen TEXT, until TEXT);
CREATE TABLE staged.follows (before INTEGER, after INTEGER, day TEXT);
CREATE TABLE staged.listed (id INTEGER, kind TEXT, label TEXT, whole TEXT, context TEXT);
CREATE TABLE staged.told (id INTEGER, place INTEGER, role TEXT, text TEXT);
CREATE TABLE staged.name (id INTEGER, place INTEGER, role TEXT, text TEXT, since TEXT, until TEXT, seen TEXT);
CREATE TABLE staged.found (id INTEGER PRIMARY KEY, kind TEXT, label TEXT, code TEXT, context TEXT);
CREATE TABLE staged.lived (id INTEGER PRIMARY KEY, start_day TEXT, end_day TEXT, first TEXT, last TEXT);
CREATE TABLE staged.numbered (id INTEGER PRIMARY KEY, number INTEGER, kind TEXT);
