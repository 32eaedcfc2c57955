#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trouble of this machine is waited out, and told from what concerns one address only.

usage: trouble.py SIEVE-PROBE
"""
from net import Network, far_over, main, run, set_kernel, sieve, tally
from routes import expect, reject, routed


def one_prohibited_address_holds_up_nobody():
    with Network() as network:
        routed(network)
        network.listen("them", 135)
        run("ip route add prohibit 10.20.1.7", "me")
        results, seconds, events = sieve("me", "10.20.1.0/24", "10.20.2.1", events=True)
        print(f"# {seconds:.1f} s {tally(results)} {events}")
        if tally(results) != {"open": 254, "EHOSTUNREACH": 1}:
            yield str(tally(results))
        prohibited = next(result for result in results if result.target == "10.20.1.7")
        yield from expect(prohibited, "EHOSTUNREACH", "this-machine", "errno=EACCES")
        if events:
            yield f"events {events}"
        yield from far_over(max(result.milliseconds for result in results if result.error == "open") / 1000, 1)


def what_is_prohibited_for_a_while_is_waited_out():
    with Network() as network:
        routed(network)
        network.listen("them", 135)
        run("ip rule add to 10.20.0.0/16 prohibit priority 10", "me")
        network.later("me", 4, "ip rule del priority 10")
        results, seconds, events = sieve("me", "10.20.1.0/28", events=True)
        print(f"# {seconds:.1f} s {tally(results)} {events}")
        if tally(results) != {"open": 14}:
            yield str(tally(results))
        if [event.split()[0] for event in events] != ["not-permitted", "not-permitted-over"]:
            yield f"events {events}"


def without_free_ports_it_goes_on_slowly():
    with Network() as network:
        routed(network)
        run("ip route add blackhole 10.30.0.0/16", "router")
        set_kernel("me", {"net.ipv4.ip_local_port_range": "40000 40001"})
        results, seconds, events = sieve("me", "--timeout", 500, *["10.30.0.1"] * 8, events=True)
        print(f"# {seconds:.1f} s {tally(results)} {events}")
        if tally(results) != {"ETIMEDOUT": 8}:
            yield str(tally(results))
        if [event.split()[0] for event in events] != ["out-of-ports", "out-of-ports-over"]:
            yield f"events {events}"


def without_ipv6_its_addresses_are_unreachable_at_once():
    with Network() as network:
        routed(network)
        set_kernel("me", {"net.ipv6.conf.all.disable_ipv6": 1})
        results, seconds, events = sieve("me", "fd20::7", "::1", events=True)
        for result in results:
            if (result.error, result.said_by) != ("ENETUNREACH", "this-machine"):
                yield str(result)
        if results[1].detail != "route=no-source errno=EADDRNOTAVAIL":
            yield str(results[1])
        if events:
            yield f"events {events}"
        yield from far_over(seconds, 1)


def what_our_own_firewall_drops_times_out():
    """On a subnet of ours: nobody is asked for, which must not be taken for a full table for ever."""
    with Network() as network:
        routed(network)
        reject("me", "output", "tcp dport 135", "drop")
        results, seconds, events = sieve("me", "--timeout", 1000, "10.1.0.32/27", events=True)
        print(f"# {seconds:.1f} s {tally(results)} {events}")
        if tally(results) != {"ETIMEDOUT": 30}:
            yield str(tally(results))
        for result in results:
            yield from expect(result, "ETIMEDOUT", "", "neighbour=not-asked")
        if seconds > 20:
            yield f"{seconds:.1f} s"


def a_port_does_not_meet_itself():
    with Network() as network:
        network.node("me")
        set_kernel("me", {"net.ipv4.ip_local_port_range": "40000 40001"})
        results, _ = sieve("me", "--port", 40000, *["127.0.0.1"] * 50)
        if tally(results) != {"ECONNREFUSED": 50}:
            yield str(tally(results))
        if not any(result.said_by == "this-machine" for result in results):
            yield "it did not meet itself: this proves nothing"


if __name__ == "__main__":
    main(one_prohibited_address_holds_up_nobody, what_is_prohibited_for_a_while_is_waited_out,
         without_free_ports_it_goes_on_slowly, without_ipv6_its_addresses_are_unreachable_at_once,
         what_our_own_firewall_drops_times_out, a_port_does_not_meet_itself)
