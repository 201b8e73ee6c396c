# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Shared by the scripts of the virtual machine: the cache, words of failure,
# and things made once under a lock and put in place by one rename.

# shellcheck disable=SC2034 # used by the scripts that read this file

vm_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root_dir=${vm_dir%/tests/vm}
cache=${XDG_CACHE_HOME:-/var/cache}/wxguard

# What a failed set-up exits with; run documents it.
EXIT_SETUP=92

fail() {
	printf '%s: %s\n' "${0##*/}" "$1" >&2
	exit "${2:-$EXIT_SETUP}"
}

# arch_of RELEASE: Debian's name of the architecture that a kernel is for.
arch_of() {
	case $1 in
	*-arm64) echo arm64 ;;
	*) echo amd64 ;;
	esac
}

# lock FILE: until this shell ends, nobody else makes what FILE guards.
lock() {
	mkdir -p "${1%/*}" || fail "the folder ${1%/*} cannot be made."
	exec 9>"$1" || fail "the lock $1 cannot be opened."
	flock 9
}

# headers RELEASE: prints the folder that modules for it are built in, which
# for a debug kernel is in the cache.
headers() {
	local dir
	for dir in "/usr/src/linux-headers-$1" "/lib/modules/$1/build" "$cache/kernel/$1/build"; do
		[ ! -f "$dir/Makefile" ] || { echo "$dir" && return 0; }
	done
	return 1
}

# need COMMAND PACKAGE
need() {
	command -v "$1" >/dev/null ||
		fail "the program $1 is missing: apt-get install $2 (or run scripts/setup)."
}
