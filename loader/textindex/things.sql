-- Puts what was read in order. min() of a row’s number picks the row that was read first.

INSERT INTO staged.found (id, kind, label)
  SELECT id, 'organisation', value FROM (
    SELECT id, value, min(rowid) FROM staged.identity WHERE property = 'label' GROUP BY id
  );
UPDATE staged.found SET code = first.value FROM (
  SELECT id, value, min(rowid) FROM staged.identity WHERE property = 'odsCode' GROUP BY id
) AS first WHERE found.id = first.id;

-- One in two registers is no mere document.
INSERT OR IGNORE INTO staged.found (id, kind, label, context)
  SELECT id, kind, label, context FROM staged.listed
  ORDER BY kind = 'document', kind, label, whole, context;

INSERT INTO staged.name
  SELECT id, 0, 'label', value, NULL, NULL, NULL FROM staged.identity WHERE property = 'label'
  UNION ALL
  SELECT id, 1, 'alternative', value, NULL, NULL, NULL FROM staged.identity WHERE property IN ('altLabel', 'shortTitle')
  UNION ALL
  SELECT id, 2, 'name', text, since, until, seen FROM staged.named
  UNION ALL
  SELECT id, 3, 'code', value, NULL, NULL, NULL FROM staged.identity WHERE property = 'odsCode'
  UNION ALL
  SELECT told.id, told.place, told.role, told.text, NULL, NULL, NULL
  FROM staged.told JOIN staged.found USING (id) WHERE found.kind <> 'organisation';

INSERT INTO staged.lived
  SELECT id, min(CASE WHEN property <> 'existsTo' THEN value END), min(CASE WHEN property = 'existsTo' THEN value END),
    min(CASE WHEN property = 'existsFrom' THEN value END), max(CASE WHEN property = 'existsTo' THEN value END)
  FROM staged.identity WHERE property IN ('existsFrom', 'attestedFrom', 'existsTo') GROUP BY id;

INSERT INTO staged.numbered
  SELECT id, row_number() OVER (ORDER BY kind <> 'organisation', kind, shortest, label, iri), kind
  FROM staged.found JOIN staged.iri USING (id) JOIN (
    SELECT id, min(CASE WHEN role IN ('code', 'text') THEN 1000 ELSE length(text) END) AS shortest
    FROM staged.name GROUP BY id
  ) USING (id);
INSERT INTO thing
  SELECT number, iri, kind, label, code, context, start_day, end_day
  FROM staged.numbered JOIN staged.found USING (id, kind) JOIN staged.iri USING (id) LEFT JOIN staged.lived USING (id)
  ORDER BY number;
CREATE UNIQUE INDEX thing_by_iri ON thing (iri);
INSERT INTO kind SELECT kind, min(number), max(number) FROM thing GROUP BY kind;

INSERT INTO name (thing, role, text, since, until, seen, form)
  SELECT number, role, text, since, until, seen,
    CASE WHEN kind = 'organisation' AND role <> 'code' THEN form(text) END
  FROM (
    SELECT number, kind, place, role, text, since, until, min(seen) AS seen
    FROM staged.name JOIN staged.numbered USING (id)
    GROUP BY number, place, since, text, role, until
    ORDER BY number, place, since, text
  );
CREATE INDEX name_by_thing ON name (thing);
CREATE INDEX name_by_form ON name (form) WHERE form IS NOT NULL;

INSERT OR IGNORE INTO code
  SELECT upper(value), number FROM staged.identity JOIN staged.numbered USING (id) WHERE property = 'odsCode';
INSERT INTO fact
  SELECT DISTINCT number, property, value FROM staged.identity JOIN staged.numbered USING (id)
  WHERE property IN ('gssCode', 'postcode') ORDER BY number;
CREATE INDEX fact_by_thing ON fact (thing);
CREATE INDEX fact_by_postcode ON fact (replace(upper(value), ' ', '')) WHERE property = 'postcode';
INSERT INTO life
  SELECT number, first, last FROM staged.lived JOIN staged.numbered USING (id)
  WHERE kind = 'organisation' AND coalesce(first, last) IS NOT NULL ORDER BY number;

INSERT INTO words (rowid, text)
  SELECT number, around(iri, kind, context) || ' ' || plain(group_concat(text, ' '))
  FROM thing JOIN name ON name.thing = number GROUP BY number;
INSERT INTO forms (rowid, text)
  SELECT thing, group_concat(telling(form), ' ') FROM name WHERE form IS NOT NULL GROUP BY thing;
CREATE VIRTUAL TABLE temp.words_terms USING fts5vocab('main', 'words', 'row');
CREATE VIRTUAL TABLE temp.forms_terms USING fts5vocab('main', 'forms', 'row');
INSERT INTO word SELECT 'words', term, doc FROM temp.words_terms UNION ALL SELECT 'forms', term, doc FROM temp.forms_terms;
INSERT INTO words (words) VALUES ('optimize');
INSERT INTO forms (forms) VALUES ('optimize');
