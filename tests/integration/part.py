# SPDX-License-Identifier: GPL-2.0-or-later
"""What the parts share: one line for each check, the count at the end, the
samples of the unit tests (each class, each verdict, a loss, each notice)."""
import json
import os
import subprocess
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
os.chdir(ROOT)
OUT = os.path.abspath("build/integration")
os.makedirs(OUT, exist_ok=True)
counts = {"passed": 0, "failed": 0}


def check(name, errors):
    """One line; @errors: a list of sentences, empty when all is well."""
    counts["failed" if errors else "passed"] += 1
    print(("FAIL " if errors else "ok   ") + name, flush=True)
    for error in list(dict.fromkeys(errors))[:10]:
        print("     " + str(error)[:400])


def end():
    print(f"{counts['passed']} passed, {counts['failed']} failed, 0 skipped")
    sys.exit(1 if counts["failed"] else 0)


def stop(why):
    check(why, ["so nothing of this part can run"])
    end()


def install(*packages):
    """Through apt, and only what is missing; no service is started by it."""
    env = {**os.environ, "RUNLEVEL": "1"}
    said = subprocess.run(["scripts/setup", *packages], env=env, text=True,
                          capture_output=True, check=False)
    if said.returncode:
        stop(f"install {' '.join(packages)}: {said.stderr.strip()[-300:]}")


def build(program, **env):
    """Build a unit test and run it with these variables."""
    made = subprocess.run(["make", "-s", "-C", "tests/unit", f"../../build/unit/{program}"],
                          text=True, capture_output=True, check=False)
    if made.returncode:
        stop(f"build {program}: {made.stderr.strip()[-300:]}")
    run = subprocess.run([f"build/unit/{program}"], text=True, capture_output=True, check=False,
                         env={**os.environ, **env})
    if run.returncode:
        stop(f"run {program}: {run.stderr.strip()[-300:]}")


def samples():
    """The path of the samples, made anew, and the documents."""
    path = os.path.join(OUT, "samples.json")
    if os.path.exists(path):
        os.unlink(path)
    build("test_lib_ecs", WXGUARD_SAMPLES=path)
    with open(path, encoding="utf-8") as file:
        return path, [json.loads(line) for line in file]
