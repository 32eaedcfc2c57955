#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names: what the name server does holds up neither addresses nor other names.

usage: names.py SIEVE-PROBE NAME-SERVER
"""
import subprocess
import sys

from net import Network, far_over, main, run, sieve, tally
from routes import expect, routed


def start_name_server(network, node, address, *rules):
    command = ["ip", "netns", "exec", node, sys.argv[2], "--listen", f"{address}:53", *rules]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    network.processes.append(process)
    if not process.stdout.readline().startswith("listening"):
        raise RuntimeError("the name server did not start")


def a_name_goes_on_to_its_next_address_at_once():
    with Network() as network:
        routed(network)
        network.listen("them", 135)
        start_name_server(network, "router", "10.1.0.1",
                          "both.example=fd77::7,10.20.7.7", "dead.example=10.77.7.7,10.30.0.1")
        run("ip -6 route add unreachable fd77::/16", "me")
        run("ip route add blackhole 10.30.0.0/16", "router")
        results, seconds = sieve("me", "--dns", "10.1.0.1", "--timeout", 500, "both.example", "dead.example")
        by_name = {result.target: result for result in results}
        if by_name["both.example"].error != "open":
            yield str(by_name["both.example"])
        yield from far_over(by_name["both.example"].milliseconds / 1000, 0.3)
        # Of two failures the more telling one, whichever came first.
        if by_name["dead.example"].error != "ETIMEDOUT":
            yield str(by_name["dead.example"])


def a_dead_name_server_holds_up_no_address():
    with Network() as network:
        routed(network)
        network.listen("them", 135)
        run("ip route add blackhole 10.30.0.0/16", "router")
        names = [f"pc{number}.corp.example" for number in range(2000)]
        results, seconds, events = sieve("me", "--dns", "10.30.0.53", *names, "10.20.1.0/24", events=True)
        print(f"# {seconds:.1f} s {tally(results)} {events}")
        if [result.error for result in results[:254]] != ["open"] * 254:
            yield f"addresses did not come first: {tally(results[:254])}"
        if tally(results) != {"open": 254, "ARES_ETIMEOUT": 2000}:
            yield str(tally(results))
        if not any(event.startswith("name-server-silent") for event in events):
            yield f"events {events}"


if __name__ == "__main__":
    main(a_name_goes_on_to_its_next_address_at_once, a_dead_name_server_holds_up_no_address)
