# SPDX-License-Identifier: GPL-2.0-or-later
"""All scenarios, family by family."""

import rows_exec
import rows_foreign
import rows_map
import rows_protect

ROWS = rows_exec.ROWS + rows_protect.ROWS + rows_map.ROWS + rows_foreign.ROWS


def check_twins():
    """Each attack stands beside an innocent twin, and no name comes twice."""
    names = [row.name for row in ROWS]
    twice = {name for name in names if names.count(name) > 1}
    innocents = {row.name for row in ROWS if not row.finding}
    alone = [row.name for row in ROWS if row.finding and
             row.twin not in innocents and "debugger" not in row.flags]
    if twice or alone:
        raise ValueError(f"names that come twice: {sorted(twice)}; "
                         f"attacks without a twin: {alone}")


check_twins()
