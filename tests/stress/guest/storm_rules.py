# SPDX-License-Identifier: GPL-2.0-or-later
"""The rules are replaced under fire, thousands of times: each deed meets one set
or the other, never half of one; a wrong set changes nothing."""

import errno

import fire
import nl
import storm
import wx
from tap import expect, expect_equal

ROUNDS = 10000
STEP = 25  # sets of one kind in a row


def classes(action):
    return b"".join(nl.nest(nl.A_CLASS, nl.u32(1, number), nl.u32(2, nl.ACTIONS[action]),
                            nl.u32(3, 0), nl.u32(5, 0))
                    for number, name in enumerate(nl.CLASSES) if name in wx.CLASSES)


def exemption(name, exe):
    bits = sum(1 << number for number, known in enumerate(nl.CLASSES)
               if known in wx.CLASSES)
    return nl.nest(nl.A_EXEMPTION, nl.text(2, name), nl.u32(3, bits), nl.text(4, exe),
                   nl.text(9, "of the storm"))


def scope(name, cgroup):
    return nl.nest(nl.A_SCOPE, nl.text(2, name), nl.text(3, cgroup), nl.u32(4, 2),
                   nl.u32(5, nl.ACTIONS["log"]))


NO_BUDGET = nl.nest(nl.A_BUDGET, nl.u32(2 - 1, 0), nl.u32(2, 10))


def sets(the, path):
    """(sets under which each deed is refused, sets under which none is)."""
    def noise(count):
        return b"".join(exemption(f"n{index}", f"/nowhere/{index}/**")
                        for index in range(count))
    scopes = b"".join(scope(f"s{index}", f"/nowhere/{index}/**") for index in range(20))
    mine = exemption("fire", path)
    counts = [the.random.randint(0, 60) for _ in range(6)]
    refusing = [classes("deny") + NO_BUDGET + noise(count) + (scopes if count % 2 else b"")
                for count in counts]
    passing = [base + mine for base in refusing] + [classes("log") + noise(3)]
    return refusing, passing


def wrong_sets(good):
    """(what, the set, errno)"""
    stale = nl.u32(nl.A_GENERATION, 1)
    return (("twice the same name", good + exemption("x", "/x") * 2, errno.EINVAL),
            ("no class", good + nl.nest(nl.A_EXEMPTION, nl.text(2, "x"), nl.u32(3, 0),
                                        nl.text(4, "/x"), nl.text(9, "r")), errno.EINVAL),
            ("an old generation", good + stale, errno.ESTALE))


def replace(client, payload):
    reply = client.do(nl.RULES_SET, payload)
    return nl.number(dict(nl.attrs(reply[0][1]))[nl.A_GENERATION])


def check_wrong(the, client, good, generation):
    what, payload, code = the.random.choice(wrong_sets(good))
    expect_equal(f"{what}: errno", nl.name_of(nl.refusal(replace, client, payload)),
                 nl.name_of(code))
    expect_equal(f"{what}: generation", client.status()["generation"], generation)


def check(the):
    with nl.Client() as client, fire.burning(8, "pemipexp") as burn:
        refusing, passing = sets(the, burn.path)
        generation = replace(client, refusing[0])
        client.mode("enforce")
        for number in the.each("rules"):
            phase, step = divmod(number, STEP)
            chosen = passing if phase % 2 else refusing
            now = replace(client, the.random.choice(chosen))
            expect_equal("generation", now, generation + 1)
            generation = now
            if step == 0:
                burn.check()
                burn.meet(fire.PASSED if phase % 2 else fire.REFUSED)
            elif step == STEP - 2:
                check_wrong(the, client, chosen[0], generation)
            elif step == STEP - 1:
                burn.meet(fire.ANYTHING)
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
