# SPDX-License-Identifier: GPL-2.0-or-later
"""Several mutants in one boot, each with a module of its own: what the suites
and the scenarios have in common. Which of them may share one, how each is
built and what its part of the output means, they know themselves."""

import os
import shutil


def run(how, place, batch, release, broken):
    """What came of each mutant. broken(mutant): a context in which the tree
    has it."""
    folder = f"{place.path}/build/{how.FOLDER}"
    for old in (folder, folder + ".out"):
        shutil.rmtree(old, ignore_errors=True)
    os.makedirs(folder + "/mutants")
    outcomes = {}
    for mutant in batch:
        with broken(mutant):
            outcomes[mutant.name] = how.build(place, mutant, release, folder)
    printed = how.boot(place, release, folder)
    for mutant in batch:
        if os.path.isdir(f"{folder}/mutants/{mutant.name}"):
            outcomes[mutant.name] = how.outcome_of(place, printed.get(mutant.name, ""))
    return outcomes
