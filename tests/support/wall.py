"""Run a command where there is no network but loopback, and tell whom it and all that it started tried to reach.

The command gets a network of its own (a namespace of Linux), in which every address outside is this machine and nobody
listens: an attempt is refused at once, and its first packet is seen, whatever process or program sent it. Where the
system grants no such network the test is skipped.
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

GRANTS = 77  # the exit code where the system grants no network
NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000
SUBREAPER = 36


@dataclass(frozen=True)
class Seen:
    """How a command ended, what it printed, whom it tried to reach, and what it left running."""

    code: int
    output: str
    reached: list[str]
    left: list[str]


def behind(*command: str | Path, cwd: Path, env: dict[str, str], seconds: int = 120, patience: int = 30) -> Seen:
    """Run a command behind the wall, and wait so many seconds for what it left running."""
    import pytest

    from support.command import run

    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder) / "seen.json"
        done = run(
            sys.executable,
            "-I",
            __file__,
            str(patience),
            record,
            *command,
            cwd=cwd,
            env=env,
            seconds=seconds + patience,
        )
        if done.returncode == GRANTS and not record.is_file():
            pytest.skip(f"no network of its own for a process here: {done.stdout.strip()}")
        seen = json.loads(record.read_text("utf-8"))
    return Seen(done.returncode, done.stdout, seen["reached"], seen["left"])


def main() -> None:
    """`wall.py PATIENCE RECORD COMMAND...`: run it, listen, write down what was seen; its exit code."""
    patience, record, *command = sys.argv[1:]
    try:
        _own_network()
    except OSError as error:
        print(error)
        sys.exit(GRANTS)
    ear = _ear()
    # What outlives its parent becomes a child of this process, and can be waited for.
    ctypes.CDLL(None, use_errno=True).prctl(SUBREAPER, 1, 0, 0, 0)
    process = subprocess.Popen(command)
    reached: set[str] = set()
    while process.poll() is None:
        reached |= _heard(ear)
    last = time.monotonic() + int(patience)
    while _children() and time.monotonic() < last:
        reached |= _heard(ear)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
    left = remain = _children()
    while remain:  # the children of one that is killed are children of this process then
        for child in remain:
            os.kill(int(child.split()[0]), signal.SIGKILL)
            os.waitpid(int(child.split()[0]), 0)
        remain = _children()
    Path(record).write_text(json.dumps({"reached": sorted(reached | _heard(ear)), "left": left}), "utf-8")
    sys.exit(process.returncode)


def _children() -> list[str]:
    """Processes below this one that have not ended, each with its command."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            name, _, rest = path.read_text("utf-8", "replace").rpartition(")")
            state, parent, *_ = rest.split()
            if int(parent) == os.getpid() and state != "Z":
                found.append(f"{path.parent.name} {name.partition('(')[2]}")
    return found


def _own_network() -> None:
    """Leave the machine's network for an empty one in which every address leads to loopback."""
    uid, gid = os.getuid(), os.getgid()
    unshare = ctypes.CDLL(None, use_errno=True).unshare
    if unshare(NEW_NETWORK):
        if unshare(NEW_USER | NEW_NETWORK):
            raise OSError(ctypes.get_errno(), "unshare")
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        get, put, up = 0x8913, 0x8914, 1  # SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP
        (flags,) = struct.unpack_from("H", fcntl.ioctl(one, get, struct.pack("16s24x", b"lo")), 16)
        fcntl.ioctl(one, put, struct.pack("16sH22x", b"lo", flags | up))
    for family, scope in ((socket.AF_INET, 254), (socket.AF_INET6, 0)):
        _everything_is_here(family, scope)


def _everything_is_here(family: int, scope: int) -> None:
    """`ip route add local default dev lo`, said to the kernel itself."""
    table, protocol, kind, interface = 255, 3, 2, 4  # local, boot, local; the attribute that names a device
    route = struct.pack("8BI", family, 0, 0, 0, table, protocol, scope, kind, 0)
    route += struct.pack("HHi", 8, interface, socket.if_nametoindex("lo"))
    new, flags = 24, 0x1 | 0x4 | 0x200 | 0x400  # RTM_NEWROUTE; a request, acknowledged, that creates
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as kernel:
        kernel.send(struct.pack("IHHII", 16 + len(route), new, flags, 1, 0) + route)
        (error,) = struct.unpack_from("i", kernel.recv(4096), 16)
    if error:
        raise OSError(-error, "route")


def _ear() -> socket.socket:
    """A socket that gets each packet but those to 127.0.0.0/8, which the kernel sorts out, since they may be many."""
    sorting = [
        (0x30, 0, 0, 0),  # the first byte
        (0x54, 0, 0, 0xF0),
        (0x15, 0, 6, 0x40),  # IPv4, or keep it
        (0x30, 0, 0, 16),  # where it goes to
        (0x15, 0, 4, 127),  # loopback, or keep it
        (0xB1, 0, 0, 0),
        (0x48, 0, 0, 2),
        (0x15, 1, 0, 53),  # a name is asked for: keep it
        (0x06, 0, 0, 0),
        (0x06, 0, 0, 0xFFFF),
    ]
    program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in sorting))
    ear = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
    ear.setsockopt(socket.SOL_SOCKET, 26, struct.pack("HP", len(sorting), ctypes.addressof(program)))
    ear.settimeout(0.1)
    return ear


def _heard(ear: socket.socket) -> set[str]:
    """Who was called since, until it is quiet for a moment."""
    found = set()
    with suppress(TimeoutError):
        while True:
            found |= _called(ear.recv(2048))
    return found


def _called(packet: bytes) -> set[str]:
    """The address that a packet begins to talk to, or the name that it asks for."""
    if packet[0] >> 4 == 4:
        kind, to, rest = packet[9], socket.inet_ntop(socket.AF_INET, packet[16:20]), packet[4 * (packet[0] & 15) :]
    else:
        kind, to, rest = packet[6], socket.inet_ntop(socket.AF_INET6, packet[24:40]), packet[40:]
    if kind not in (socket.IPPROTO_TCP, socket.IPPROTO_UDP):
        return set()
    (port,) = struct.unpack_from("!H", rest, 2)
    if kind == socket.IPPROTO_UDP:
        return {_name(rest[20:]) if port == 53 else f"{to}:{port}"}
    begins = rest[13] & 0x12 == 0x02  # SYN without ACK
    return {f"{to}:{port}"} if begins and to != "::1" else set()


def _name(question: bytes) -> str:
    parts = []
    while question and question[0]:
        parts.append(question[1 : question[0] + 1].decode("ascii", "replace"))
        question = question[question[0] + 1 :]
    return ".".join(parts)


if __name__ == "__main__":
    main()
