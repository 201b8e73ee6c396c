# SPDX-License-Identifier: GPL-2.0-or-later
"""A copy of the project in which code may be broken. One worker owns one; its
build/ stays between two runs, so that little is compiled anew."""

import filecmp
import os
import shutil
import subprocess


class Tree:
    def __init__(self, root, path):
        self.root = root
        self.path = path
        self.fill()

    def fill(self):
        """Each file as the project has it, and no other; equal ones keep
        their times, or make would build them again."""
        listed = subprocess.run([self.root + "/tests/lint/files", "all"], check=True,
                                capture_output=True, text=True).stdout.splitlines()
        self.remove_others(set(listed))
        for name in listed:
            source, copy = os.path.join(self.root, name), os.path.join(self.path, name)
            if not os.path.isfile(copy) or not filecmp.cmp(source, copy, shallow=False):
                os.makedirs(os.path.dirname(copy), exist_ok=True)
                shutil.copyfile(source, copy)
            shutil.copymode(source, copy)

    def remove_others(self, listed):
        seen = []
        for folder, folders, files in os.walk(self.path):
            if folder == self.path:
                folders[:] = [name for name in folders if name != "build"]
            seen.append(folder)
            for name in files:
                path = os.path.join(folder, name)
                if os.path.relpath(path, self.path) not in listed:
                    os.unlink(path)
        for folder in reversed(seen):
            if not os.listdir(folder):
                os.rmdir(folder)

    def read(self, name):
        with open(os.path.join(self.path, name), encoding="utf-8") as file:
            return file.read()

    def write(self, name, text):
        with open(os.path.join(self.path, name), "w", encoding="utf-8") as file:
            file.write(text)
