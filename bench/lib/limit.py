"""The limit itself: what the servers must do whoever moves the data, measured as their own CPU seconds. Rows out by bare COPY,
rows in by bare COPY into tables without indexes, then the indexes and constraints, each on two connections; the sum divided
by the cores. No tool that uses these servers and keeps every core busy can be faster. What psql spends is not counted."""
import pathlib

CONNECTIONS = 2
BUILD_MEMORY = "256MB"

TABLES = """SELECT c.oid::regclass::text, pg_table_size(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 2 DESC, 1"""

# Of partitioned tables only the parent's: its partitions follow.
INDEXES = """SELECT replace(replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON '), E'\\n', ' '), pg_table_size(i.indrelid)
  FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = i.indexrelid)
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid AND contype IN ('p', 'u', 'x')) ORDER BY 2 DESC, 1"""
CONSTRAINTS = """SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(o.oid)), pg_table_size(conrelid)
  FROM pg_constraint o JOIN pg_namespace n ON n.oid = o.connamespace
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND conparentid = 0 AND contype IN (%s) ORDER BY 2 DESC, 1"""


def shared_out(things):
    """(text, cost) to one list of texts a connection, about equally loaded."""
    lists, loads = [[] for _ in range(CONNECTIONS)], [0] * CONNECTIONS
    for text, cost in things:
        least = loads.index(min(loads))
        lists[least].append(text)
        loads[least] += int(cost) + 1
    return lists


class Limit:
    """The parts, each of which can be run again: out and in for each form of COPY, and the builds."""

    def __init__(self, psql, pghaul, source, target, source_database, target_database, scratch, run):
        self.psql, self.pghaul, self.scratch, self.run = psql, pghaul, pathlib.Path(scratch), run
        self.source, self.target, self.source_database, self.target_database = source, target, source_database, target_database
        self.tables = source.sql(source_database, TABLES)
        self.number = {table: number for number, (table, _) in enumerate(self.tables)}
        with_constraints = lambda types: [tuple(row) for row in source.sql(source_database, CONSTRAINTS.replace("(%s)", f"({types})"))]
        self.builds = shared_out(sorted([tuple(row) for row in source.sql(source_database, INDEXES)] + with_constraints("'p', 'u', 'x'"),
                                        key=lambda one: -int(one[1])))
        self.foreign = shared_out(with_constraints("'f'"))

    def _psql(self, server, database, name, lists, first=""):
        commands = []
        for number, lines in enumerate(lists):
            if not lines:
                continue
            script = self.scratch / f"{name}.{number}.sql"
            script.write_text(first + "".join(f"{line}\n" for line in lines), encoding="utf-8")
            commands.append([self.psql, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", server.conninfo(database), "-o", "/dev/null", "-f", script])
        return commands

    def _file(self, table, form):
        return self.scratch / f"{self.number[table]}.{form}"

    def rows_out(self, form):
        lists = shared_out([(f"COPY {table} TO STDOUT (FORMAT {form});", size) for table, size in self.tables])
        return self.run([self._psql(self.source, self.source_database, f"out-{form}", lists)])

    def rows_into_files(self, form):
        lists = shared_out([(f"\\copy {table} to '{self._file(table, form)}' (format {form})", size) for table, size in self.tables])
        return self.run([self._psql(self.source, self.source_database, f"files-{form}", lists)])

    def rows_in(self, form):
        """Into a fresh target that has the tables; index builds may follow."""
        self.target.fresh(self.target_database)
        made = self.run([[[self.pghaul, "copy", "--from", self.source.conninfo(self.source_database), "--to",
                           self.target.conninfo(self.target_database), "--section", "pre-data", "--no-analyze", "-q"]]])
        if not made.ok:
            return made
        lists = shared_out([(f"\\copy {table} from '{self._file(table, form)}' (format {form})", size) for table, size in self.tables])
        return self.run([self._psql(self.target, self.target_database, f"in-{form}", lists, "SET synchronous_commit = off;\n")])

    def built(self):
        first = f"SET synchronous_commit = off;\nSET maintenance_work_mem = '{BUILD_MEMORY}';\nSET max_parallel_maintenance_workers = 0;\n"
        steps = [self._psql(self.target, self.target_database, name, [[f"{one};" for one in part] for part in lists], first)
                 for name, lists in (("build", self.builds), ("foreign", self.foreign))]
        return self.run([step for step in steps if step])

    def remove_files(self, form):
        for table, _ in self.tables:
            self._file(table, form).unlink(missing_ok=True)


PARTS = ["COPY out, binary", "COPY out, text", "COPY in, binary", "COPY in, text", "indexes and constraints"]


def take_turns(limit, runs, keep):
    """Runs all parts in turn; keep(part, run) takes each result."""
    for form in ("binary", "text"):
        made = limit.rows_into_files(form)
        if not made.ok:
            keep(f"COPY out, {form}", made)
            return
    for _ in range(runs):
        for form in ("binary", "text"):
            keep(f"COPY out, {form}", limit.rows_out(form))
            loaded = limit.rows_in(form)
            keep(f"COPY in, {form}", loaded)
            if form == "binary" and loaded.ok:
                keep("indexes and constraints", limit.built())
    for form in ("binary", "text"):
        limit.remove_files(form)


def server_cpu_s(run):
    return run["source_cpu_s"] + run["target_cpu_s"]


def floor_s(median_of, cores):
    """From the median server CPU of each part: the least wall time, and what it is made of."""
    forms = {form: median_of(f"COPY out, {form}") + median_of(f"COPY in, {form}") for form in ("binary", "text")}
    form = min(forms, key=forms.get)
    return (forms[form] + median_of("indexes and constraints")) / cores, form
