#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""This machine's own subnets: the neighbour table must not lose anybody.

usage: subnet.py SIEVE-PROBE
"""
import random

from net import Network, far_over, main, run, sieve, tally
from routes import expect, reject


def subnet(network, prefix, live):
    """A node on a network with as many live addresses, all of one neighbour."""
    network.node("me")
    network.node("them")
    base = (10 << 24) + (30 << 16)
    last = base + (1 << (32 - prefix)) - 2

    def text(number):
        return ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))

    network.cable("me", "them", (f"{text(last)}/{prefix}", f"{text(base + 1)}/{prefix}"))
    others = random.Random(135).sample(range(base + 2, last), live - 2)
    network.batch("them", [f"addr add {text(number)}/{prefix} dev me" for number in others])
    network.listen("them", 135)
    return f"{text(base)}/{prefix}"


def everybody_in_a_24_of_ours_is_found():
    with Network(fills_neighbour_table=True) as network:
        target = subnet(network, 24, 12)
        results, seconds = sieve("me", target)
        counts = tally(results)
        print(f"# {seconds:.1f} s {counts}")
        if counts.get("open") != 11:
            yield f"{counts.get('open')} of 11 found"
        yield from far_over(seconds, 4)


def a_dead_neighbour_is_unreachable_and_said_so_by_this_machine():
    with Network(fills_neighbour_table=True) as network:
        subnet(network, 24, 12)
        (result,), _ = sieve("me", "10.30.0.200")
        yield from expect(result, "EHOSTUNREACH", "this-machine", "neighbour=no-answer")


def more_computers_than_the_neighbour_table_holds():
    """The kernel keeps an entry up to 45 s after an answer: without waiting, all but 1,000 would be lost."""
    with Network(fills_neighbour_table=True) as network:
        target = subnet(network, 21, 1302)
        results, seconds, events = sieve("me", target, events=True)
        counts = tally(results)
        print(f"# {seconds:.1f} s {counts} {events}")
        if counts.get("open") != 1301:
            yield f"{counts.get('open')} of 1301 found"
        if [event.split()[0] for event in events] != ["neighbours-full", "neighbours-full-over"]:
            yield f"events {events}"


def a_silent_neighbour_is_told_from_none():
    with Network(fills_neighbour_table=True) as network:
        subnet(network, 24, 12)
        reject("them", "input", "tcp dport 135", "drop")
        (result,), _ = sieve("me", "--timeout", 500, "10.30.0.1")
        yield from expect(result, "ETIMEDOUT", "", "neighbour=answered")
        (result,), _ = sieve("me", "--timeout", 500, "10.30.0.200")
        yield from expect(result, "ETIMEDOUT", "", "neighbour=no-answer")


def ipv6_neighbours():
    with Network(fills_neighbour_table=True) as network:
        network.node("me")
        network.node("them")
        network.cable("me", "them", ("fd30::2/64", "fd30::1/64"))
        network.batch("them", [f"addr add fd30::1:{number:x}/64 dev me" for number in range(1, 41)])
        network.listen("them", 135)
        link_local = run("ip -o -6 addr show dev me scope link", "them").split()[3].split("/")[0] + "%them"
        results, seconds = sieve("me", link_local, *(f"fd30::1:{number:x}" for number in range(1, 401)))
        print(f"# {seconds:.1f} s {tally(results)}")
        if tally(results) != {"open": 41, "EHOSTUNREACH": 360}:
            yield str(tally(results))
        for result in results:
            if result.error != "open":
                yield from expect(result, "EHOSTUNREACH", "this-machine", "neighbour=no-answer")


if __name__ == "__main__":
    main(everybody_in_a_24_of_ours_is_found, a_dead_neighbour_is_unreachable_and_said_so_by_this_machine,
         a_silent_neighbour_is_told_from_none,
         ipv6_neighbours, more_computers_than_the_neighbour_table_holds)
