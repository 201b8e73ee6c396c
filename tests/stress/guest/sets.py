# SPDX-License-Identifier: GPL-2.0-or-later
"""Sets of rules as the family takes them, for storms that cannot wait for a
program to load them."""

import nl
import wx

BITS = sum(1 << number for number, name in enumerate(nl.CLASSES) if name in wx.CLASSES)
NO_BUDGET = nl.nest(nl.A_BUDGET, nl.u32(1, 0), nl.u32(2, 10))


def classes(action, known=0, repeat=0):
    """known: 1 = the known are exempt; repeat: s in which the same is counted."""
    return b"".join(nl.nest(nl.A_CLASS, nl.u32(1, number), nl.u32(2, nl.ACTIONS[action]),
                            nl.u32(3, known), nl.u32(5, repeat))
                    for number, name in enumerate(nl.CLASSES) if name in wx.CLASSES)


def exemption(name, exe):
    return nl.nest(nl.A_EXEMPTION, nl.text(2, name), nl.u32(3, BITS), nl.text(4, exe),
                   nl.text(9, "of the storm"))


def scope(name, cgroup):
    return nl.nest(nl.A_SCOPE, nl.text(2, name), nl.text(3, cgroup), nl.u32(4, 2),
                   nl.u32(5, nl.ACTIONS["log"]))


def replace(client, payload):
    """The new generation."""
    reply = client.do(nl.RULES_SET, payload)
    return nl.number(dict(nl.attrs(reply[0][1]))[nl.A_GENERATION])


def every_deed(client, action):
    """Each deed is told, known or not; or each is refused."""
    replace(client, classes(action) + NO_BUDGET)
