# SPDX-License-Identifier: GPL-2.0-or-later
"""What is kept of a run: docs/bench.tsv, docs/bench.svg, and the README."""

import os

import plot
import table

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../..")
BEGIN = "<!-- tests/bench/run --write writes what follows -->"
END = "<!-- until here -->"


def data(results):
    lines = [f"# Written by tests/bench/run --write, {results.facts['host']['kernel']}.",
             "# row: instructions per operation, of the caller (median), of its processor",
             "# time, of the whole system. fact: a number, or a word.",
             "# row\tsetting\trow\tcount\tcaller\town\ttotal",
             "# fact\tsetting\tname\tvalue"]
    for setting, by in results.rows.items():
        for row, numbers in by.items():
            lines.append("\t".join(["row", setting, row, *map(str, numbers)]))
    for setting, by in results.facts.items():
        for name, value in by.items():
            lines.append("\t".join(["fact", setting, name, value]))
    return "\n".join(lines) + "\n"


def put(name, text):
    with open(os.path.join(ROOT, name), "w", encoding="utf-8") as file:
        file.write(text)
    print(f"# {name} is written")


def section(results, tables, goals):
    rows = table.markdown(tables[0])
    for lines in tables[2:]:
        rows += ["", *table.markdown(lines)]
    missed = [f"{what} ({value} instead of {goal})" for what, value, goal, met in goals
              if not met]
    facts = "; ".join(f"{what} {value}" for what, value, _, _ in goals)
    return "\n".join([
        BEGIN, "",
        f"Instructions, counted in one boot of Linux {results.facts['host']['kernel']} on the",
        "same work, of the caller and of the whole system, against the bare kernel:", "",
        *rows, "", "![What it costs, and how that grows](docs/bench.svg)", "",
        f"{facts[0].upper()}{facts[1:]}.",
        *([f"Goals missed: {'; '.join(missed)}."] if missed else []), "", END])


def write(results, tables, goals):
    put("docs/bench.tsv", data(results))
    put("docs/bench.svg", plot.picture(results))
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as file:
        text = file.read()
    if BEGIN not in text or END not in text:
        print("# README.md has no place for the table; it is as it was")
        return
    before, _, rest = text.partition(BEGIN)
    put("README.md", before + section(results, tables, goals) + rest.partition(END)[2])
