"""From the raw figures to a page and a chart. It computes medians and ratios and nothing else; what it prints is in the JSON."""
import statistics

import chart
import limit

TITLES = {
    "copy": "Copy, no planner statistics on either side",
    "statistics": "Copy, and planner statistics are there at the end",
    "dump": "Dump",
    "restore": "Restore, no planner statistics",
    "verify": "verify FILE",
    "limit": "The limit: what the servers must do",
    "memory": "pghaul's memory",
}
SET_TITLES = {
    "mixed": "mixed: wide and narrow rows, TOAST, partitions, GIN, foreign keys",
    "big": "big: one table with four indexes",
    "tables": "tables: many small tables",
    "objects": "objects: many small large objects and a few of 100 MB",
    "text": "text: mostly text",
}

# (set, contest, against which family, at least so many times faster)
WANTED = [("mixed", "copy", "documented", 3.2), ("mixed", "copy", "pg_dump", 1.8), ("mixed", "copy", "pgcopydb", 1.6),
          ("mixed", "dump", "pg_dump", 1.3), ("mixed", "restore", "pg_dump", 1.5), ("big", "copy", "any peer", 1.8),
          ("tables", "copy", "pg_dump", 2.5), ("objects", "copy", "any peer", 2.0)]
WANTED_OVER_LIMIT, WANTED_CPU_SHARE, WANTED_VERIFY_GB_S = 1.15, 0.08, 1.5


def wanted_memory_mb(jobs):
    return 64 + 24 * jobs


def good_runs(contender):
    return [run for run in contender["runs"] if run["ok"]]


def median(contender, key):
    runs = good_runs(contender)
    return statistics.median(run[key] for run in runs) if runs else None


def contest_of(results, set_name, contest_name):
    """The contest of that set at its largest scale."""
    found = [c for s in results["sets"] if s["name"] == set_name for c in s["contests"] if c["name"] == contest_name]
    return found[-1] if found else None


def best(contest, family):
    peers = [c for c in contest["contenders"] if good_runs(c) and (c["family"] == family or family == "any peer" and c["family"] != "pghaul")]
    return min(peers, key=lambda c: median(c, "wall_s"), default=None)


def own(contest):
    """pghaul as it is contrasted with peers: its first, not its fastest variant."""
    return next((c for c in contest["contenders"] if c["family"] == "pghaul" and good_runs(c)), None)


def floor_of(contest, cores):
    parts = {c["name"]: c for c in contest["contenders"]}
    if not all(part in parts and good_runs(parts[part]) for part in limit.PARTS):
        return None
    return limit.floor_s(lambda part: statistics.median(limit.server_cpu_s(run) for run in good_runs(parts[part])), cores)


def gb(count):
    return f"{count / 1e9:.2f} GB" if count >= 1e8 else f"{count / 1e6:.1f} MB"


def seconds(value):
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def table(head, rows):
    """Markdown; the first column is words, the others are figures."""
    lines = ["| " + " | ".join(head) + " |", "|" + "|".join(["---"] + ["---:"] * (len(head) - 1)) + "|"]
    return lines + ["| " + " | ".join(row) + " |" for row in rows] + [""]


def right(contender):
    return {True: "yes", False: "**no**", None: "-"}[contender.get("verified")]


def contest_rows(contest):
    reference = own(contest)
    reference_s = median(reference, "wall_s") if reference else None
    rows = []
    for contender in contest["contenders"]:
        runs = good_runs(contender)
        if not runs:
            rows.append([contender["name"], "failed", *["-"] * 8])
            continue
        wall = median(contender, "wall_s")
        server = statistics.median(limit.server_cpu_s(run) for run in runs)
        span = f"{seconds(min(r['wall_s'] for r in runs))} - {seconds(max(r['wall_s'] for r in runs))}"
        archive = max((run.get("archive_bytes", 0) for run in runs), default=0)
        rows.append([contender["name"], seconds(wall), span, f"{wall / reference_s:.2f}" if reference_s else "-",
                     seconds(median(contender, "client_cpu_s")), seconds(server), f"{median(contender, 'largest_mb'):.0f}",
                     f"{median(contender, 'tree_mb'):.0f}", gb(archive) if archive else "-", right(contender)])
    return rows


CONTEST_HEAD = ["", "median, s", "least - most", "x pghaul", "client CPU, s", "servers' CPU, s", "largest process, MB", "all processes, MB", "archive",
                "right"]


def contest_lines(results, data_set, contest):
    cores = results["machine"]["cores"]
    lines = [f"### {TITLES[contest['name']]}" + (f", at scale {contest['scale']:g}" if contest["name"] == "memory" else ""), ""]
    if contest["name"] == "limit":
        rows = []
        for contender in contest["contenders"]:
            runs = good_runs(contender)
            if runs:
                rows.append([contender["name"], seconds(statistics.median(limit.server_cpu_s(r) for r in runs)), seconds(median(contender, "wall_s"))])
            else:
                rows.append([contender["name"], "failed", "-"])
        lines += table(["", "servers' CPU, s", "wall on two connections, s"], rows)
        floor = floor_of(contest, cores)
        if floor:
            line = f"Over {cores} cores, with COPY's {floor[1]} form: **{seconds(floor[0])} s**."
            copy = next((c for c in data_set["contests"] if c["name"] == "copy"), None)
            if copy and own(copy):
                line += f" pghaul's copy took {median(own(copy), 'wall_s') / floor[0]:.2f} times that."
            lines += [line, ""]
        return lines
    if contest["name"] == "verify":
        rows = []
        for contender in contest["contenders"]:
            if not good_runs(contender):
                rows.append([contender["name"], *["failed"] * 4])
                continue
            raw, wall, cpu = contest["raw_bytes"], median(contender, "wall_s"), median(contender, "client_cpu_s")
            rows.append([contender["name"], seconds(wall), seconds(cpu), f"{raw / 1e9 / wall:.2f}", f"{raw / 1e9 / max(cpu, 0.01):.2f}"])
        return lines + table(["", "median, s", "CPU, s", "raw GB/s", "raw GB/s a core"], rows)
    return lines + table(CONTEST_HEAD, contest_rows(contest))


def verdicts(results):
    """(what, wanted, measured, reached) for each figure that was asked for and could be measured."""
    rows, cores = [], results["machine"]["cores"]
    for set_name, contest_name, family, factor in WANTED:
        contest = contest_of(results, set_name, contest_name)
        mine, peer = (own(contest), best(contest, family)) if contest else (None, None)
        if mine and peer:
            ratio = median(peer, "wall_s") / median(mine, "wall_s")
            rows.append((f"{set_name}: {contest_name} against {peer['name']}", f">= {factor:g} x", f"{ratio:.2f} x", ratio >= factor))
            if contest_name == "dump":
                sizes = [max(r.get("archive_bytes", 0) for r in good_runs(c)) for c in (mine, peer)]
                rows.append((f"{set_name}: archive against {peer['name']}", "no larger", f"{gb(sizes[0])} to {gb(sizes[1])}", sizes[0] <= sizes[1]))
    for data_set in results["sets"]:
        contests = {c["name"]: c for c in data_set["contests"]}
        copy = contests.get("copy")
        mine = own(copy) if copy else None
        floor = floor_of(contests["limit"], cores) if "limit" in contests else None
        if mine and floor:
            ratio = median(mine, "wall_s") / floor[0]
            rows.append((f"{data_set['name']}: copy over the limit", f"<= {WANTED_OVER_LIMIT:g} x", f"{ratio:.2f} x", ratio <= WANTED_OVER_LIMIT))
        if mine:
            share = statistics.median(r["client_cpu_s"] / max(0.01, r["client_cpu_s"] + limit.server_cpu_s(r)) for r in good_runs(mine))
            rows.append((f"{data_set['name']}: pghaul's share of the CPU in copy", f"<= {WANTED_CPU_SHARE:.0%}", f"{share:.1%}", share <= WANTED_CPU_SHARE))
    for data_set in results["sets"]:
        for contest in data_set["contests"]:
            if contest["name"] == "memory":
                for contender in contest["contenders"]:
                    if good_runs(contender):
                        jobs = int(contender["name"].split("-j")[1].split()[0])
                        peak = max(r["largest_mb"] for r in good_runs(contender))
                        rows.append((f"{contender['name']}: peak memory at scale {contest['scale']:g}", f"<= {wanted_memory_mb(jobs)} MB",
                                     f"{peak:.0f} MB", peak <= wanted_memory_mb(jobs)))
            if contest["name"] == "verify":
                rates = [contest["raw_bytes"] / 1e9 / max(0.01, median(c, "client_cpu_s")) for c in contest["contenders"] if good_runs(c)]
                if rates:
                    rows.append(("verify FILE, raw bytes a second a core", f">= {WANTED_VERIFY_GB_S:g} GB", f"{max(rates):.2f} GB",
                                 max(rates) >= WANTED_VERIFY_GB_S))
    return rows


def disturbed(results):
    """Runs during which something else took more than 5 % of the machine."""
    cores, told = results["machine"]["cores"], []
    for data_set in results["sets"]:
        for contest in data_set["contests"]:
            for contender in contest["contenders"]:
                shares = [r["others_cpu_s"] / max(0.01, cores * r["wall_s"]) for r in good_runs(contender) if r["wall_s"] > 1]
                if shares and statistics.median(shares) > 0.05:
                    told.append(f"{data_set['name']}, {contest['name']}, {contender['name']}: {statistics.median(shares):.0%}")
    return told


def environment_lines(results):
    machine, versions = results["machine"], results["versions"]
    settings = results["settings"]
    lines = [f"- {results['date']}, {machine['cores']} cores of {machine['cpu']}, {machine['memory_gb']} GB, {machine['system']}, Linux {machine['kernel']};"
             " servers and clients on this one machine",
             f"- {versions['pghaul']}; PostgreSQL {versions['16']} is the source, {versions['17']} the target; "
             + ("; ".join(versions["peers"].values()) or "no peers"),
             "- settings of both servers: " + ", ".join(f"{name} {value}" for name, value in settings.items())]
    lines.append(f"- {results['runs']} run{'s' if results['runs'] > 1 else ''} each, in turn (A B C A B C); before each a fresh target database, "
                 "CHECKPOINT on both servers, and sync")
    if results["missing"]:
        lines.append(f"- left out, not found: {', '.join(results['missing'])}")
    lines.append("- right: `pghaul verify --from --to` found every row and every entry equal: after each of pghaul's runs, after the first of each peer's")
    return lines


def measured_apart(measured):
    """Where a set was not measured as the head of the page says."""
    if not measured:
        return ""
    return (f" Here: {measured['runs']} run{'s' if measured['runs'] > 1 else ''} each, {measured['pghaul']}"
            + (f", without {', '.join(measured['missing'])}" if measured["missing"] else "") + ".")


def page(results, chart_name):
    lines = ["# pghaul and its peers", "", *environment_lines(results), ""]
    if chart_name:
        lines += [f"![Seconds of each contender]({chart_name})", ""]
    asked = verdicts(results)
    if asked:
        lines += ["## What was asked for", ""] + table(["", "wanted", "measured", "reached"],
                                                       [[what, wanted, got, "yes" if ok else "**no**"] for what, wanted, got, ok in asked])
    for data_set in results["sets"]:
        facts = data_set["facts"]
        lines += [f"## {SET_TITLES[data_set['name']]}", "",
                  f"Scale {data_set['scale']:g}: {facts['tables']} tables, {gb(facts['table_bytes'])} in heap and TOAST, {gb(facts['index_bytes'])} in indexes"
                  + (f", {facts['large_objects']} large objects in {gb(facts['large_object_bytes'])}" if facts["large_objects"] else "") + "." + measured_apart(data_set.get("measured")), ""]
        for contest in data_set["contests"]:
            lines += contest_lines(results, data_set, contest)
            lines += [f"- {c['name']}: {r['note']}" for c in contest["contenders"] for r in c["runs"] if not r["ok"] and r["note"]][:6]
            lines += [f"- {c['name']}: not equal to the source: {c['difference']}" for c in contest["contenders"] if c.get("difference")]
            if contest.get("qualifying"):
                lines += ["Tried once, for each peer's best: "
                          + "; ".join(f"{name} {seconds(wall)} s" if wall else f"{name} failed" for name, wall in contest["qualifying"]) + ".", ""]
            elif lines[-1]:
                lines.append("")
    told = disturbed(results)
    if told:
        lines += ["## Disturbed", "", "Something else took more than 5 % of the machine's CPU (median) during:", ""] + [f"- {one}" for one in told] + [""]
    return "\n".join(lines).rstrip() + "\n"


def picture(results):
    groups, cores = [], results["machine"]["cores"]
    for data_set in results["sets"]:
        floor = next((floor_of(c, cores) for c in data_set["contests"] if c["name"] == "limit"), None)
        for contest in data_set["contests"]:
            if contest["name"] not in ("copy", "statistics", "dump", "restore"):
                continue
            mine = own(contest)
            bars = []
            for contender in contest["contenders"]:
                wall = median(contender, "wall_s")
                if wall is None:
                    continue
                ratio = f"{wall / median(mine, 'wall_s'):.2f} x" if mine and contender is not mine else ""
                bars.append((contender["name"], contender["family"], wall, ratio))
            if contest["name"] == "copy" and floor:
                bars.append(("the limit: the servers' own work", "limit", floor[0], f"{floor[0] / median(mine, 'wall_s'):.2f} x" if mine else ""))
            groups.append((f"{data_set['name']}, {TITLES[contest['name']].lower()}", bars))
    machine, versions = results["machine"], results["versions"]
    below = [f"Median of {results['runs']}, seconds; shorter is better. PostgreSQL {versions['16']} to {versions['17']}, {machine['cores']} cores, "
             f"servers on the same machine, fsync {results['settings'].get('fsync', '?')}.",
             f"{results['date']}; {versions['pghaul']}; " + "; ".join(versions["peers"].values())]
    return chart.draw("pghaul and its peers", groups, [line[:150] for line in below])
