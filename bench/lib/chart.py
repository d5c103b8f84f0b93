"""Horizontal bars as SVG, one group a contest: light, readable where it is small, nothing but rectangles and text."""
from xml.sax.saxutils import escape

BARS, RIGHT, BAR, GAP, GROUP = 380, 150, 20, 6, 46
CHARACTER = 6.3  # about the width of one at size 12
COLOURS = {"pghaul": "#1f6feb", "documented": "#b8bec7", "pg_dump": "#8b949e", "pgcopydb": "#c69026", "limit": "#2da44e"}
FONT = "font-family='system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif'"


def text(x, y, words, size=13, anchor="start", fill="#24292f", weight="normal"):
    return (f"<text x='{x:.0f}' y='{y:.0f}' font-size='{size}' text-anchor='{anchor}' fill='{fill}' font-weight='{weight}' {FONT}>"
            f"{escape(words)}</text>")


def draw(title, groups, below):
    """groups: (heading, [(name, family, seconds, remark)]); each group has a scale of its own, from zero."""
    parts, y = [], 34
    left = 30 + CHARACTER * max((len(name) for _, bars in groups for name, *_ in bars), default=40)
    width_of_all = max(left + BARS + RIGHT, 40 + 5.8 * max(map(len, below), default=0))
    parts.append(text(20, y, title, 18, weight="bold"))
    for heading, bars in groups:
        y += GROUP
        parts.append(text(20, y - 10, heading, 14, weight="bold"))
        longest = max((seconds for _, _, seconds, _ in bars), default=1) or 1
        for name, family, seconds, remark in bars:
            width = max(1.0, BARS * seconds / longest)
            bold = "bold" if family == "pghaul" else "normal"
            parts.append(text(left - 10, y + BAR - 6, name, 12, "end", weight=bold))
            parts.append(f"<rect x='{left:.0f}' y='{y}' width='{width:.1f}' height='{BAR}' rx='2' fill='{COLOURS.get(family, '#8b949e')}'/>")
            label = f"{seconds:.1f} s" if seconds >= 10 else f"{seconds:.2f} s"
            parts.append(text(left + width + 8, y + BAR - 6, label + (f"  {remark}" if remark else ""), 12, weight=bold))
            y += BAR + GAP
    y += 30
    for line in below:
        parts.append(text(20, y, line, 11, fill="#57606a"))
        y += 16
    head = (f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width_of_all:.0f} {y}' width='{width_of_all:.0f}' height='{y}' role='img' "
            f"aria-label='{escape(title, {chr(39): '&apos;'})}'>")
    return "\n".join([head, f"<rect width='{width_of_all:.0f}' height='{y}' fill='#ffffff'/>", *parts, "</svg>", ""])
