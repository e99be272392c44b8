"""Sockets of this Python reach only this machine, and the package indexes of LOCAL_CLOUD_INDEX_HOSTS.

Without such hosts, this stands for a subnet without a route to the internet, and the loopback
addresses for the VPC endpoints of AWS. With them, for a build that reaches AWS only here.
"""

import errno
import ipaddress
import os
import socket

HOSTS = set(os.environ.get("LOCAL_CLOUD_INDEX_HOSTS", "").split())
REFUSED = (
    "blocked by the local cloud: code of this build reaches only the AWS API at AWS_ENDPOINT_URL"
    " and the package index"
    if HOSTS
    else "blocked by the local cloud: this build has no route to the internet"
)
# Addresses of the package indexes, by their names.
addresses = set()

connect = socket.socket.connect
connect_ex = socket.socket.connect_ex
getaddrinfo = socket.getaddrinfo
sendto = socket.socket.sendto


def is_reachable(host):
    if host in (None, "", "localhost"):
        return True
    text = host.decode() if isinstance(host, bytes) else host
    if text in HOSTS or text in addresses:
        return True
    try:
        return ipaddress.ip_address(text.partition("%")[0]).is_loopback
    except ValueError:
        return False


def refuse_unless_reachable(sock, address):
    if sock.family == socket.AF_UNIX or is_reachable(address[0]):
        return
    raise OSError(errno.ENETUNREACH, REFUSED, str(address[0]))


def guarded_connect(self, address):
    refuse_unless_reachable(self, address)
    return connect(self, address)


def guarded_connect_ex(self, address):
    refuse_unless_reachable(self, address)
    return connect_ex(self, address)


def guarded_sendto(self, data, *rest):
    refuse_unless_reachable(self, rest[-1])
    return sendto(self, data, *rest)


def guarded_getaddrinfo(host, *rest, **named):
    if not is_reachable(host):
        raise socket.gaierror(socket.EAI_AGAIN, f"{REFUSED}: {host}")
    found = getaddrinfo(host, *rest, **named)
    addresses.update(address[0] for *_, address in found)
    return found


socket.socket.connect = guarded_connect
socket.socket.connect_ex = guarded_connect_ex
socket.socket.sendto = guarded_sendto
socket.getaddrinfo = guarded_getaddrinfo
