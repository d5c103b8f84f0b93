-- needs: 16
-- ICU collations with tailoring rules.
CREATE COLLATION custom (PROVIDER = icu, LOCALE = 'en', RULES = '&a < g');
CREATE COLLATION "odd rules" (PROVIDER = icu, LOCALE = 'und', RULES = $$&V << w <<< W$$, DETERMINISTIC = false);
