# SPDX-License-Identifier: GPL-2.0-or-later
"""The rules are replaced under fire, thousands of times: each deed meets one set
or the other, never half of one; a wrong set changes nothing."""

import errno
import os

import fire
import nl
import sets
import storm
from tap import expect, expect_equal

ROUNDS = 10000
STEP = 25  # sets of one kind in a row
# Each set waits until nobody reads the one before. Hurried in three steps of four.
HURRY = "/sys/kernel/rcu_expedited"


def chosen_sets(the, path):
    """(sets under which each deed is refused, sets under which none is)."""
    def noise(count):
        return b"".join(sets.exemption(f"n{index}", f"/nowhere/{index}/**")
                        for index in range(count))
    scopes = b"".join(sets.scope(f"s{index}", f"/nowhere/{index}/**") for index in range(20))
    mine = sets.exemption("fire", path)
    counts = [the.random.randint(0, 60) for _ in range(6)]
    base = sets.classes("deny") + sets.NO_BUDGET
    refusing = [base + noise(count) + (scopes if count % 2 else b"") for count in counts]
    passing = [refused + mine for refused in refusing] + [sets.classes("log") + noise(3)]
    return refusing, passing


def wrong_sets(good):
    """(what, the set, errno)"""
    stale = nl.u32(nl.A_GENERATION, 1)
    return (("twice the same name", good + sets.exemption("x", "/x") * 2, errno.EEXIST),
            ("no class", good + nl.nest(nl.A_EXEMPTION, nl.text(2, "x"), nl.u32(3, 0),
                                        nl.text(4, "/x"), nl.text(9, "r")), errno.EINVAL),
            ("an old generation", good + stale, errno.ESTALE))


def check_wrong(the, client, good, generation):
    what, payload, code = the.random.choice(wrong_sets(good))
    expect_equal(f"{what}: errno", nl.name_of(nl.refusal(sets.replace, client, payload)),
                 nl.name_of(code))
    expect_equal(f"{what}: generation", client.status()["generation"], generation)


def check(the):
    with nl.Client() as client, fire.burning(8, "pemipexp") as burn:
        # A set takes what the module needs for it, not its turn among nine.
        os.nice(-10)
        refusing, passing = chosen_sets(the, burn.path)
        generation = sets.replace(client, refusing[0])
        client.mode("enforce")
        for number in the.each("rules"):
            phase, step = divmod(number, STEP)
            chosen = passing if phase % 2 else refusing
            now = sets.replace(client, the.random.choice(chosen))
            expect_equal("generation", now, generation + 1)
            generation = now
            if step == 0:
                burn.check()
                storm.write(HURRY, int(phase % 4 > 0))
                burn.meet(fire.PASSED if phase % 2 else fire.REFUSED)
            elif step == STEP - 2:
                check_wrong(the, client, chosen[0], generation)
            elif step == STEP - 1:
                burn.meet(fire.ANYTHING)
        storm.write(HURRY, 0)
        client.mode("detect")
        burn.check()
        storm.say(f"{burn.deeds()} deeds, {burn.total('refused')} of them refused, "
                  f"{burn.total('innocent')} innocent beside them")
        expect_equal("unjudged", client.status()["unjudged"], 0)
        expect(burn.total("innocent") > 0, "nothing innocent was done")


def run(the):
    storm.fresh_module("mode=detect")
    the.run(f"rules: {the.rounds} times replaced under fire", check)
    storm.quiet()
