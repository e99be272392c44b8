"""Sockets of this Python reach only this machine: its build has no way out.

On AWS, a subnet without a route to the internet does the same; here the loopback addresses stand
for the VPC endpoints of AWS.
"""

import errno
import ipaddress
import socket

REFUSED = "blocked by the local cloud: this build has no route to the internet"

connect = socket.socket.connect
connect_ex = socket.socket.connect_ex
getaddrinfo = socket.getaddrinfo
sendto = socket.socket.sendto


def is_here(host):
    if host in (None, "", "localhost"):
        return True
    text = host.decode() if isinstance(host, bytes) else host
    try:
        return ipaddress.ip_address(text.partition("%")[0]).is_loopback
    except ValueError:
        return False


def refuse_unless_here(sock, address):
    if sock.family == socket.AF_UNIX or is_here(address[0]):
        return
    raise OSError(errno.ENETUNREACH, REFUSED, str(address[0]))


def guarded_connect(self, address):
    refuse_unless_here(self, address)
    return connect(self, address)


def guarded_connect_ex(self, address):
    refuse_unless_here(self, address)
    return connect_ex(self, address)


def guarded_sendto(self, data, *rest):
    refuse_unless_here(self, rest[-1])
    return sendto(self, data, *rest)


def guarded_getaddrinfo(host, *rest, **named):
    if not is_here(host):
        raise socket.gaierror(socket.EAI_AGAIN, REFUSED)
    return getaddrinfo(host, *rest, **named)


socket.socket.connect = guarded_connect
socket.socket.connect_ex = guarded_connect_ex
socket.socket.sendto = guarded_sendto
socket.getaddrinfo = guarded_getaddrinfo
