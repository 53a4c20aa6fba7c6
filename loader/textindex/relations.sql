-- Puts in order what relates the things that things.sql numbered.

INSERT INTO membership
  SELECT DISTINCT number, class, coalesce(since, seen), until FROM staged.member JOIN staged.numbered USING (id)
  WHERE kind = 'organisation' ORDER BY number;
CREATE INDEX membership_by_thing ON membership (thing);
CREATE INDEX class_by_class ON class (class);
INSERT OR IGNORE INTO listed
  SELECT place, class, max(since, coalesce(first, since)),
    min(coalesce(until, '9999-12-31'), coalesce(last, '9999-12-31')), number
  FROM (SELECT number, row_number() OVER (ORDER BY label, iri) AS place FROM thing WHERE kind = 'organisation')
  JOIN membership ON membership.thing = number AND since IS NOT NULL
  LEFT JOIN life ON life.thing = number
  ORDER BY place;
INSERT INTO succession
  SELECT DISTINCT b.number, a.number, day
  FROM staged.follows JOIN staged.numbered AS b ON b.id = before JOIN staged.numbered AS a ON a.id = after;
CREATE INDEX succession_by_before ON succession (before);
CREATE INDEX succession_by_after ON succession (after);
CREATE INDEX norm_by_provision ON norm (provision);
