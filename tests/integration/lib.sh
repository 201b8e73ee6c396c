# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the parts share: the lines that they print, a store that is not that of
# this machine, and one that is filled. To be sourced at the top of the tree.

passed=0 failed=0 skipped=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# check NAME COMMAND…: the row passes if the command does.
check() {
	local name=$1
	shift
	if "$@"; then
		printf 'ok   %s\n' "$name"
		passed=$((passed + 1))
	else
		printf 'FAIL %s\n     %s\n' "$name" "$*"
		failed=$((failed + 1))
	fi
}

# skip NAME WHY
skip() {
	printf 'skip %s: %s\n' "$1" "$2"
	skipped=$((skipped + 1))
}

verdict() {
	printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
	[ "$failed" -eq 0 ]
}

# need PACKAGE…: installed, or the part ends with a failure.
need() {
	if ! scripts/setup "$@" >"$work/setup.log" 2>&1; then
		tail -n 5 "$work/setup.log"
		check "packages: $*" false
		verdict
		exit 1
	fi
}

# make_fill: the program that fills stores, at $work/fill
make_fill() {
	local version
	version=$(sed -n 's/^PACKAGE_VERSION="\{0,1\}\([^"]*\)"\{0,1\}$/\1/p' dkms.conf)
	# shellcheck disable=SC2046 # words are words
	gcc -std=gnu11 -O2 -D_GNU_SOURCE "-DWXGUARD_VERSION=\"$version\"" -Iinclude -Imodule \
		-Iuserspace -o "$work/fill" tests/integration/fill.c userspace/lib/*.c module/core/*.c \
		$(pkg-config --libs libmnl sqlite3 jansson libconfuse libcap-ng nettle)
}

# with_store DATABASE ARGS…: wxguard, with its configuration pointing there
with_store() {
	local database=$1
	shift
	mkdir -p "$work/etc"
	printf 'store = "%s"\n' "$database" >"$work/etc/wxguard.conf"
	# shellcheck disable=SC2016 # the inner shell expands it
	unshare -m sh -c 'mkdir -p /etc/wxguard && mount --bind "$0" /etc/wxguard && exec "$@"' \
		"$work/etc" build/bin/wxguard "$@"
}

# in_guest PART FOLDER SCRIPT [OPTION…]: the rows that a script of that folder
# says as root in a VM with the folder's userland; returns what became of it.
in_guest() {
	local part=$1 folder=tests/integration/$2 script=$3 log=build/integration/$1.guest userland status count
	shift 3
	mkdir -p build/integration
	make -s userspace && userland=$(tests/vm/userland "$folder/recipe") &&
		tests/vm/run --timeout 1800 --userland "$userland" --with "$folder" "$@" \
			-- "/with/$script" >"$log" 2>&1
	status=$?
	count=$(grep -E '^[0-9]+ passed, [0-9]+ failed, 0 skipped$' "$log" | tail -n 1)
	grep -vxF "$count" "$log"
	if [[ ! $count =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed ]]; then
		check "$part: the machine says its count, and did not end with status $status" false
	else
		passed=$((passed + BASH_REMATCH[1])) failed=$((failed + BASH_REMATCH[2]))
		[ $status -eq 0 ] || [ "${BASH_REMATCH[2]}" -gt 0 ] ||
			check "$part: the machine did not end with status $status" false
	fi
	return $status
}
