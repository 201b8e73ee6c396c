# SPDX-License-Identifier: GPL-2.0-or-later
"""What the counting machine said, as values."""


class Results:
    """rows[setting][row] = (count, median, own, total); facts[setting][name]."""

    def __init__(self, path):
        self.rows = {}
        self.facts = {}
        self.faults = []
        ended = False
        with open(path, encoding="utf-8", errors="replace") as file:
            for line in file:
                word, *rest = line.split() or [""]
                if word == "row":
                    setting, row, *numbers = rest
                    self.rows.setdefault(setting, {})[row] = tuple(int(n) for n in numbers)
                elif word == "fact":
                    setting, name, *value = rest
                    self.facts.setdefault(setting, {})[name] = " ".join(value)
                elif word == "fault":
                    self.faults.append(" ".join(rest))
                ended = word == "end"
        if not ended and not self.faults:
            self.faults.append("the machine did not come to its end")

    def settings(self):
        """All but the bare kernel."""
        return [setting for setting in self.rows if setting != "bare"]

    def caller(self, setting, row):
        return self.rows[setting][row][1]

    def more(self, setting, row):
        """What the caller pays more than without us; bare, or beside the same probes."""
        base = setting.replace("grow-probes", "base-probes")
        return self.caller(setting, row) - self.caller(
            "bare" if base == setting else base, row)

    def fact(self, setting, name):
        return int(self.facts[setting][name])
