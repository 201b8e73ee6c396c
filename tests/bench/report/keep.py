# SPDX-License-Identifier: GPL-2.0-or-later
"""What is kept of a run: docs/bench.tsv, docs/bench.svg, and tables in two texts."""

import os

import plot
import table

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../..")
BEGIN = "<!-- tests/bench/run --write writes what follows -->"
END = "<!-- until here -->"


def data(results):
    lines = ["# SPDX-License-Identifier: GPL-2.0-or-later",
             f"# Written by tests/bench/run --write, {results.facts['host']['kernel']}.",
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


def put_between(name, lines):
    """@lines between the two marks of the text @name."""
    with open(os.path.join(ROOT, name), encoding="utf-8") as file:
        text = file.read()
    if BEGIN not in text or END not in text:
        print(f"# {name} has no place for the tables; it is as it was")
        return
    before, _, rest = text.partition(BEGIN)
    put(name, "\n".join([before + BEGIN, "", *lines, "", END]) + rest.partition(END)[2])


def write(results, tables, missed):
    kernel = results.facts["host"]["kernel"]
    verdict = f"Goals missed: {len(missed)}" if missed else "No goal is missed"
    put("docs/bench.tsv", data(results))
    put("docs/bench.svg", plot.picture(results))
    put_between("README.md", [
        f"Instructions, counted in one boot of Linux {kernel} on the same work, of the",
        "caller / of the whole system, against the bare kernel:", "",
        *table.markdown(tables["peers"]), "", *table.markdown(tables["clock"]), "",
        "By the clock: pairs with and without it in one machine. The spread tells what such a "
        "figure is worth on the host that ran it.", "",
        f"{verdict}; [docs/bench.md](docs/bench.md) has each goal beside its figure, and how "
        "the cost grows.", "",
        "![What it costs, and how that grows](docs/bench.svg)"])
    put_between("docs/bench.md", [
        f"Linux {kernel}. {verdict}{':' if missed else '.'}", "",
        *[f"- {words}" for words in missed], *([""] if missed else []),
        *table.markdown(tables["costs"]), "", *table.markdown(tables["goals"]), "",
        *table.markdown(tables["growth"]), "",
        "![What it costs, and how that grows](bench.svg)"])
