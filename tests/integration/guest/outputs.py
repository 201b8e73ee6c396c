#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""In the guest: the daemon as it is, confined, with all its outputs on, and
two detections of its own."""
import json
import os
import socket
import subprocess

CONF = """redact = "--password=*"
output syslog { enabled = yes
 path = "/run/wxg-syslog"
 format = cee
 max_size = 64K }
output unix { enabled = yes
 path = "/run/wxg-stream" }
output metrics { enabled = yes }
"""


def run(*command):
    return subprocess.run(command, text=True, capture_output=True, check=False)


def listen(path, kind):
    end = socket.socket(socket.AF_UNIX, kind)
    end.bind(path)
    end.settimeout(20)
    return end


def main():
    os.makedirs("/etc/wxguard/conf.d", exist_ok=True)
    with open("/etc/wxguard/conf.d/outputs.conf", "w", encoding="utf-8") as file:
        file.write(CONF)
    syslog = listen("/run/wxg-syslog", socket.SOCK_DGRAM)
    stream = listen("/run/wxg-stream", socket.SOCK_STREAM)
    stream.listen(1)
    found = {"start": run("vm-daemon", "start").stderr}
    fired = run("wxguard", "test", "--timeout", "20")
    found["test"] = fired.stdout + fired.stderr if fired.returncode else ""
    # A secret, in the arguments of a program that makes memory rwx.
    run("python3", "-c", "import ctypes, mmap; c = ctypes.CDLL(None); m = mmap.mmap(-1, 4096); "
        "c.mprotect(ctypes.c_void_p(ctypes.addressof(ctypes.c_char.from_buffer(m))), "
        "ctypes.c_size_t(4096), 7)", "--password=hunter2")
    run("wxguard", "status", "--wait-acked")
    peer = stream.accept()[0]
    peer.settimeout(5)
    text = b""
    try:
        while True:
            text += peer.recv(65536)
    except TimeoutError:
        pass
    found["stream"] = [json.loads(line)["event"]["id"] for line in text.decode().splitlines()]
    syslog.settimeout(1)
    found["syslog"] = []
    try:
        while True:
            found["syslog"].append(json.loads(
                syslog.recv(65536).decode().split("@cee: ", 1)[1])["event"]["id"])
    except TimeoutError:
        pass
    found["stop"] = run("vm-daemon", "stop").stderr
    with open("/run/wxguard/wxguard.prom", encoding="utf-8") as file:
        found["metrics"] = file.read()
    found["told"] = text.decode()
    found["stored"] = run("sqlite3", "/var/lib/wxguard/wxguard.db",
                          "select count(*) from record where json like '%hunter2%'").stdout
    with open("/out/outputs.json", "w", encoding="utf-8") as file:
        json.dump(found, file)


main()
