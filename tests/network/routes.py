#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Behind a router: refusals, and who says that a computer is unreachable.

usage: routes.py SIEVE-PROBE
"""
from net import Network, far_over, main, run, set_kernel, sieve, tally


def routed(network):
    """me - router - them; everything goes through the router, 10.20.0.0/16 and fd20::/16 to them."""
    for name in ("me", "router", "them"):
        network.node(name)
    network.cable("me", "router", ("10.1.0.2/24", "10.1.0.1/24"), ("fd01::2/64", "fd01::1/64"))
    network.cable("router", "them", ("10.2.0.1/24", "10.2.0.2/24"), ("fd02::1/64", "fd02::2/64"))
    run("ip route add default via 10.1.0.1", "me")
    run("ip -6 route add default via fd01::1", "me")
    set_kernel("router", {"net.ipv4.ip_forward": 1, "net.ipv6.conf.all.forwarding": 1})
    run("ip route add 10.20.0.0/16 via 10.2.0.2", "router")
    run("ip -6 route add fd20::/16 via fd02::2", "router")
    run("ip route add default via 10.2.0.1", "them")
    run("ip -6 route add default via fd02::1", "them")
    network.batch("them", ["route add local 10.20.0.0/16 dev lo", "route add local fd20::/16 dev lo"])
    # The kernel answers slowly when it says no to many.
    set_kernel("router", {"net.ipv4.icmp_ratelimit": 0, "net.ipv6.icmp.ratelimit": 0})


def reject(node, hook, match, how):
    run("nft -f -", node, f"""
        table inet filter {{
          chain {hook} {{
            type filter hook {hook} priority 0;
            {match} {how}
          }}
        }}""")


def expect(result, error, said_by, detail):
    if (result.error, result.said_by, result.detail) != (error, said_by, detail):
        yield f"{result}, expected {error} by {said_by or 'nobody'}: {detail}"


def stopped_in_the_middle_everything_comes_back_at_once():
    with Network() as network:
        routed(network)
        run("ip route add blackhole 10.30.0.0/16", "router")
        results, seconds = sieve("me", "--timeout", 30000, "--stop-after", 1000, "10.30.0.0/20")
        print(f"# {seconds:.2f} s {tally(results)}")
        if tally(results) != {"cancelled": 4094}:
            yield str(tally(results))
        yield from far_over(seconds - 1, 1)


def open_and_refused():
    with Network() as network:
        routed(network)
        network.listen("them", 135)
        results, _ = sieve("me", "10.20.7.7", "fd20::7")
        for result in results:
            yield from expect(result, "open", "", "")
        results, _ = sieve("me", "--port", 136, "10.20.7.7", "fd20::7")
        for result in results:
            yield from expect(result, "ECONNREFUSED", "peer", "")


def a_router_says_no():
    cases = [
        ("host-unreachable", "no-route", "EHOSTUNREACH", "icmp=3/1", "ENETUNREACH", "icmp6=1/0", ""),
        ("net-unreachable", "addr-unreachable", "ENETUNREACH", "icmp=3/0", "EHOSTUNREACH", "icmp6=1/3", ""),
        ("admin-prohibited", "admin-prohibited", "EHOSTUNREACH", "icmp=3/13", "EHOSTUNREACH", "icmp6=1/1",
         " errno=EACCES"),
        ("host-prohibited", "port-unreachable", "EHOSTUNREACH", "icmp=3/10", "ECONNREFUSED", "icmp6=1/4", ""),
        ("port-unreachable", "port-unreachable", "ECONNREFUSED", "icmp=3/3", "ECONNREFUSED", "icmp6=1/4", ""),
    ]
    for how4, how6, error4, icmp4, error6, icmp6, raw6 in cases:
        with Network() as network:
            routed(network)
            reject("router", "forward", "ip daddr 10.20.0.0/16", f"reject with icmp type {how4}")
            reject("router", "forward", "ip6 daddr fd20::/16", f"reject with icmpv6 type {how6}")
            (result4, result6), _ = sieve("me", "10.20.7.7", "fd20::7")
            yield from expect(result4, error4, "router", f"{icmp4} from=10.1.0.1")
            yield from expect(result6, error6, "router", f"{icmp6} from=fd01::1{raw6}")


def the_computer_itself_says_no():
    with Network() as network:
        routed(network)
        run("ip -6 addr add fd20::7/128 dev lo", "them")
        reject("them", "input", "tcp dport 135", "reject with icmpx type admin-prohibited")
        (result4, result6), _ = sieve("me", "10.20.7.7", "fd20::7")
        yield from expect(result4, "EHOSTUNREACH", "peer", "icmp=3/13 from=10.20.7.7")
        yield from expect(result6, "EHOSTUNREACH", "peer", "icmp6=1/1 from=fd20::7 errno=EACCES")


def a_router_without_a_route_says_so():
    with Network() as network:
        routed(network)
        (result4, result6), _ = sieve("me", "10.77.7.7", "fd77::7")
        yield from expect(result4, "ENETUNREACH", "router", "icmp=3/0 from=10.1.0.1")
        yield from expect(result6, "ENETUNREACH", "router", "icmp6=1/0 from=fd01::1")


def a_dead_gateway_is_told_from_a_dead_computer():
    with Network() as network:
        routed(network)
        run("ip route replace default via 10.1.0.99", "me")
        run("ip -6 route replace default via fd01::99", "me")
        (result4, result6), _ = sieve("me", "10.20.7.7", "fd20::7")
        yield from expect(result4, "EHOSTUNREACH", "this-machine", "gateway=no-answer")
        yield from expect(result6, "EHOSTUNREACH", "this-machine", "gateway=no-answer")


def this_machine_has_no_route():
    with Network() as network:
        routed(network)
        run("ip route del default", "me")
        run("ip -6 route del default", "me")
        network.batch("me", ["route add unreachable 10.60.0.0/16", "route add blackhole 10.61.0.0/16"])
        results, seconds = sieve("me", "10.20.7.7", "fd20::7", "10.60.0.1", "10.61.0.1", "fe80::1")
        by_target = {result.target: result for result in results}
        yield from expect(by_target["10.20.7.7"], "ENETUNREACH", "this-machine", "route=none")
        yield from expect(by_target["fd20::7"], "ENETUNREACH", "this-machine", "route=none")
        yield from expect(by_target["10.60.0.1"], "EHOSTUNREACH", "this-machine", "route=unreachable")
        yield from expect(by_target["10.61.0.1"], "EINVAL", "this-machine", "route=blackhole")
        yield from expect(by_target["fe80::1"], "EINVAL", "this-machine", "scope=missing")
        yield from far_over(seconds, 1)


def the_firewall_of_this_machine_says_no():
    with Network() as network:
        routed(network)
        reject("me", "output", "tcp dport 135", "reject with icmpx type admin-prohibited")
        (result4, result6), _ = sieve("me", "10.20.7.7", "fd20::7")
        yield from expect(result4, "EHOSTUNREACH", "this-machine", "icmp=3/13 from=10.1.0.2")
        yield from expect(result6, "EHOSTUNREACH", "this-machine", "icmp6=1/1 from=fd01::2 errno=EACCES")


if __name__ == "__main__":
    main(stopped_in_the_middle_everything_comes_back_at_once,
         open_and_refused, a_router_says_no, the_computer_itself_says_no, a_router_without_a_route_says_so,
         a_dead_gateway_is_told_from_a_dead_computer, this_machine_has_no_route,
         the_firewall_of_this_machine_says_no)
