# SPDX-License-Identifier: GPL-2.0-or-later
"""What every stage uses: commands, what wxguard says, a list of all files."""

import json
import os
import re
import subprocess
import time

import tap as taplib
from tap import expect

HERE = os.path.dirname(os.path.abspath(__file__))
FINDINGS = "/var/log/wxguard/findings.json"
# Compiling in an emulated machine takes minutes.
LONG = 3600
SHORT = 300
APT = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}


class Tap(taplib.Tap):
    """Each row ends in its time."""

    def run(self, name, check, *args):
        began = time.monotonic()
        self.took = lambda: f"{time.monotonic() - began:.0f} s"
        return super().run(name, check, *args)

    def say(self, line):
        if line.startswith(("ok ", "not ok ")):
            name, skip, why = line.partition(" # SKIP")
            line = f"{name} ({self.took()}){skip}{why}"
        print(line, flush=True)

    took = staticmethod(lambda: "0 s")


def command(*args, check=True, timeout=SHORT, **options):
    done = subprocess.run(args, stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=timeout, text=True, errors="replace",
                          check=False, **options)
    if check:
        expect(done.returncode == 0, f"{' '.join(args)}: exit {done.returncode}",
               (done.stdout + done.stderr).splitlines()[-40:])
    return done


def lines(*args, **options):
    return command(*args, **options).stdout.splitlines()


def until(what, condition, seconds=SHORT):
    """Asks again until the answer is true; each question starts a program."""
    end = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        expect(time.monotonic() < end, f"after {seconds} s not: {what}")


def kernel(which):
    with open(f"/srv/{which}", encoding="utf-8") as file:
        return file.read().strip()


def debs(version):
    """Copies, as a user has them who fetched them; on tmpfs, to leave no trace."""
    folder = f"/run/debs/{version}"
    os.makedirs(folder, exist_ok=True)
    command("cp", "-r", f"{HERE}/debs/{version}/.", folder)
    return [os.path.join(folder, name) for name in sorted(os.listdir(folder))]


def apt(*args, timeout=LONG):
    text = command("apt-get", "-q", "-y", "-o", "Dpkg::Options::=--force-confold", "-o",
                   "APT::Install-Recommends=true", *args, timeout=timeout, env=APT).stdout
    audit = lines("dpkg", "--audit")
    expect(not audit, "dpkg --audit has something to say", audit)
    return text


def status():
    return json.loads(command("wxguard", "status", "-j").stdout)


def check():
    """What wxguard check says, as an object, and its exit code."""
    done = command("wxguard", "check", "-j", check=False)
    return json.loads(done.stdout), done.returncode


def expect_well():
    said, code = check()
    expect(code == 0 and said["well"], f"wxguard check exits with {code}", said)


def is_running():
    """Exit code 0 says that each judge is armed."""
    done = command("wxguard", "status", "-j", check=False)
    return done.returncode == 0 and json.loads(done.stdout)["daemon"]["running"]


def expect_running():
    # udev starts the daemon when the module arrives, a moment after that.
    until("module and daemon run", is_running, 60)
    for unit in ("wxguardd.service", "systemd-modules-load.service"):
        active = command("systemctl", "is-active", unit, check=False).stdout.strip()
        expect(active == "active", f"{unit} is {active}",
               lines("journalctl", "-b", "-u", unit, "-n", "20"))


def settled():
    """The daemon has written all there is."""
    command("wxguard", "status", "--wait-acked", "--timeout", "60")
    return status()["seq"]


def listed(*verb):
    """What a verb that lists says, as objects."""
    return [json.loads(line) for line in lines("wxguard", *verb, "-j")]


def fire(name):
    """A program from a memfd of that name, as an attacker starts it."""
    command("python3", "-c", "import os, sys; f = os.memfd_create(sys.argv[1]);"
            " os.write(f, open('/bin/true', 'rb').read()); os.execve(f, ['true'], {})", name)


RWX = ("import ctypes; c = ctypes.CDLL(None, use_errno=True);"
       "c.mmap.restype = ctypes.c_void_p;"
       "a = c.mmap(None, ctypes.c_size_t(4096), 3, 34, -1, ctypes.c_long(0));"
       "assert not c.mprotect(ctypes.c_void_p(a), ctypes.c_size_t(4096), 7);")


def fire_rwx():
    """Memory that becomes writable and executable."""
    command("python3", "-c", RWX)


def in_file(text):
    with open(FINDINGS, encoding="utf-8") as file:
        return [json.loads(line) for line in file if text in line]


# ---- all files --------------------------------------------------------------------

# What a package manager and a running system write, whatever is installed.
PASSING = re.compile(
    r"^/(var/(log|cache|backups|tmp|lib/(apt|dpkg|systemd/(timers|random-seed|timesync|catalog)"
    r"|logrotate|private|ucf))|tmp|root|home|run|proc|sys|dev|lost\+found|srv/before)(/|$)"
    r"|^/etc/(ld\.so\.cache|\.pwd\.lock|passwd-|group-|shadow-|gshadow-)$"
    # the key that DKMS makes for itself at its first build, and its indexes
    r"|^/var/lib/dkms/(mok\.(key|pub)|dkms_dbversion)$"
    # empty; every package with an AppArmor profile takes it away (debhelper)
    r"|^/etc/apparmor\.d/disable$"
    r"|^/(usr/)?lib/modules/[^/]+/modules\.")


def listing():
    """Every path of the disk but those, and every line of passwd and group."""
    found = set()
    for folder, folders, files in os.walk("/"):
        folders[:] = [name for name in folders
                      if not PASSING.search(os.path.join(folder, name)) and
                      not os.path.ismount(os.path.join(folder, name))]
        for name in folders + files:
            path = os.path.join(folder, name)
            if not PASSING.search(path):
                found.add(path)
    return found


def keep_listing(path="/srv/before"):
    with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.writelines(f"{name}\n" for name in sorted(listing()))


def owned():
    """What the packages hold that are installed now."""
    paths = set()
    for name in os.listdir("/var/lib/dpkg/info"):
        if name.endswith(".list"):
            with open(f"/var/lib/dpkg/info/{name}", encoding="utf-8") as file:
                for line in file:
                    path = line.rstrip("\n")
                    paths.add(path)
                    # merged directories have two names
                    paths.add("/usr" + path)
    return paths


def expect_nothing_left(path="/srv/before", running=True):
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        before = set(file.read().splitlines())
    after = listing()
    # A second kernel stays: its packages copy it to /boot, and a newer linux-image-cloud-amd64
    # ships less than the one before it.
    kernel = re.compile(r"/boot/(initrd|config|vmlinuz|System\.map)|/(vmlinuz|initrd\.img)(\.old)?$"
                        r"|/(usr/)?lib/modules/|/usr/share/(bug|lintian/overrides)/linux-(image|headers)-")
    left = sorted(name for name in after - before - owned() if not kernel.match(name))
    gone = sorted(name for name in before - after if not kernel.match(name))
    expect(not left and not gone, "the files are not what they were",
           {"left": left, "gone": gone})
    still = [name for name in command(
        "find", "/", "-xdev", "-iname", "*wxguard*", "-not", "-path", "/var/log/journal/*",
        "-not", "-path", "/var/lib/apt/*").stdout.splitlines()]
    expect(not still, "files with the name of wxguard are left", still)
    if not running:
        return
    expect(not os.path.exists("/run/wxguard"), "/run/wxguard is left")
    with open("/proc/modules", encoding="utf-8") as file:
        expect("wxguard" not in file.read(), "the module is still loaded")
