-- Puts what was read in order. min() of a row’s number picks the row that was read first.

INSERT INTO staged.found (iri, kind, label)
  SELECT iri, 'organisation', value FROM (
    SELECT iri, value, min(rowid) FROM staged.identity WHERE property = 'label' GROUP BY iri
  );
UPDATE staged.found SET code = first.value FROM (
  SELECT iri, value, min(rowid) FROM staged.identity WHERE property = 'odsCode' GROUP BY iri
) AS first WHERE found.iri = first.iri;

-- One in two registers is no mere document.
INSERT OR IGNORE INTO staged.found (iri, kind, label, context)
  SELECT iri, kind, label, context FROM staged.listed
  ORDER BY kind = 'document', kind, label, whole, context;

INSERT INTO staged.name
  SELECT iri, 0, 'label', value, NULL, NULL, NULL FROM staged.identity WHERE property = 'label'
  UNION ALL
  SELECT iri, 1, 'alternative', value, NULL, NULL, NULL FROM staged.identity WHERE property IN ('altLabel', 'shortTitle')
  UNION ALL
  SELECT iri, 2, 'name', text, since, until, seen FROM staged.named
  UNION ALL
  SELECT iri, 3, 'code', value, NULL, NULL, NULL FROM staged.identity WHERE property = 'odsCode'
  UNION ALL
  SELECT told.iri, told.place, told.role, told.text, NULL, NULL, NULL
  FROM staged.told JOIN staged.found USING (iri) WHERE found.kind <> 'organisation';

INSERT INTO thing
  SELECT row_number() OVER (ORDER BY f.kind <> 'organisation', f.kind, n.shortest, f.label, f.iri),
    f.iri, f.kind, f.label, f.code, f.context, life.start_day, life.end_day
  FROM staged.found AS f JOIN (
    SELECT iri, min(CASE WHEN role IN ('code', 'text') THEN 1000 ELSE length(text) END) AS shortest
    FROM staged.name GROUP BY iri
  ) AS n USING (iri)
  LEFT JOIN (
    SELECT iri, min(CASE WHEN property <> 'existsTo' THEN value END) AS start_day,
      min(CASE WHEN property = 'existsTo' THEN value END) AS end_day
    FROM staged.identity WHERE property IN ('existsFrom', 'attestedFrom', 'existsTo') GROUP BY iri
  ) AS life USING (iri);
CREATE UNIQUE INDEX thing_by_iri ON thing (iri);
INSERT INTO kind SELECT kind, min(number), max(number) FROM thing GROUP BY kind;

INSERT INTO name (thing, role, text, since, until, seen, form)
  SELECT number, role, text, since, until, seen,
    CASE WHEN kind = 'organisation' AND role <> 'code' THEN form(text) END
  FROM (
    SELECT number, kind, place, role, text, since, until, min(seen) AS seen
    FROM staged.name JOIN thing USING (iri)
    GROUP BY number, place, role, text, since, until
    ORDER BY number, place, since, text
  );
CREATE INDEX name_by_thing ON name (thing);
CREATE INDEX name_by_form ON name (form) WHERE form IS NOT NULL;

INSERT OR IGNORE INTO code
  SELECT upper(value), number FROM staged.identity JOIN thing USING (iri) WHERE property = 'odsCode';
INSERT INTO fact
  SELECT DISTINCT number, property, value FROM staged.identity JOIN thing USING (iri)
  WHERE property IN ('gssCode', 'postcode') ORDER BY number;
CREATE INDEX fact_by_thing ON fact (thing);
CREATE INDEX fact_by_postcode ON fact (replace(upper(value), ' ', '')) WHERE property = 'postcode';
INSERT INTO membership
  SELECT DISTINCT number, class, coalesce(since, seen), until FROM staged.member JOIN thing USING (iri)
  WHERE kind = 'organisation' ORDER BY number;
CREATE INDEX membership_by_thing ON membership (thing);
CREATE INDEX class_by_class ON class (class);
INSERT INTO life
  SELECT number, min(CASE WHEN property = 'existsFrom' THEN value END), max(CASE WHEN property = 'existsTo' THEN value END)
  FROM staged.identity JOIN thing USING (iri)
  WHERE property IN ('existsFrom', 'existsTo') AND kind = 'organisation' GROUP BY number;
INSERT OR IGNORE INTO listed
  SELECT place, class, max(since, coalesce(first, since)),
    min(coalesce(until, '9999-12-31'), coalesce(last, '9999-12-31')), number
  FROM (SELECT number, row_number() OVER (ORDER BY label, iri) AS place FROM thing WHERE kind = 'organisation')
  JOIN membership ON membership.thing = number AND since IS NOT NULL
  LEFT JOIN life ON life.thing = number
  ORDER BY place;
INSERT INTO succession
  SELECT DISTINCT b.number, a.number, day
  FROM staged.follows JOIN thing AS b ON b.iri = before JOIN thing AS a ON a.iri = after;
CREATE INDEX succession_by_before ON succession (before);
CREATE INDEX succession_by_after ON succession (after);
CREATE INDEX norm_by_provision ON norm (provision);

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
