# shellcheck shell=bash disable=SC2154 # set by run
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Puts together what the counting machine boots: the programs, the module, and
# for the whole table a Debian with the peers. run reads this file; the caller
# has set release, out, tree and only.

# give_libraries FILE…: those that it is linked with, at their own places.
give_libraries() {
	local path
	ldd "$@" | grep -o '/[^ :]*' | sort -u | while read -r path; do
		[ -e "$tree$path" ] && continue
		mkdir -p "$tree${path%/*}" && cp -L "$path" "$tree$path"
	done
}

# give_rows FILE ROW:N…
give_rows() {
	local file=$tree/b/$1 row
	shift
	for row; do
		[ -n "$only" ] && [[ " $only " != *" ${row%:*} "* ]] || echo "${row/:/ }"
	done >"$file"
	[ -s "$file" ] || fail "--only '$only' leaves no row: --help names them."
}

stage_quick() {
	rm -rf "$tree" && mkdir -p "$tree/b" &&
		cp "$out"/bin/* "$tree/b/" &&
		cp tests/bench/guest/init "$tree/init" &&
		cp tests/bench/guest/quick "$tree/b/plan" &&
		cp "$(command -v busybox)" "$tree/busybox" &&
		strip --strip-debug -o "$tree/b/wxguard.ko" "build/module/$release/wxguard.ko" &&
		give_libraries "$tree/b/state" || return 1
	give_rows rows null:1000 mprotect:1000 mmap:500 library:500 rwx:1000 \
		transition:1000 finding:40 exec:200 script:100 memfd:100 \
		memfd-new:50 burst:200000
}

# The driver of sysdig, from the source that Debian packages, for this kernel.
build_scap() {
	local dir=$out/scap source
	rm -rf "$dir"
	unsquashfs -n -q -d "$dir" "$userland" 'usr/src/scap-*' >/dev/null || return 1
	source=$(echo "$dir"/usr/src/scap-*)
	make -s -C "/usr/src/linux-headers-$release" M="$source" modules \
		>"$out/scap.log" 2>&1 || {
		tail -n 5 "$out/scap.log" >&2
		return 1
	}
	strip --strip-debug -o "$tree/b/scap.ko" "$source/scap.ko"
}

# modules NAME…: of the kernel, so that the userland can be mounted.
give_modules() {
	local name image
	image=$(tests/vm/kernel "$release")/modules.squashfs || return 1
	rm -rf "$out/modules" && mkdir "$tree/b/modules" &&
		unsquashfs -n -q -d "$out/modules" "$image" \
			"usr/lib/modules/$release/kernel/drivers/block" \
			"usr/lib/modules/$release/kernel/fs" >/dev/null || return 1
	for name; do
		find "$out/modules" -name "$name.ko" -exec cp -t "$tree/b/modules" {} + &&
			[ -f "$tree/b/modules/$name.ko" ] || return 1
	done
}

stage_full() {
	local payload=$tree/payload
	stage_quick && cp tests/bench/guest/{userland,growth,peers} "$tree/b/" &&
		cp tests/bench/guest/full "$tree/b/plan" &&
		give_modules loop squashfs overlay && cp "$userland" "$tree/userland.squashfs" &&
		mkdir -p "$payload/usr/lib/wxguard-vm/bin" &&
		mv "$tree/b/vm-notify" "$payload/usr/lib/wxguard-vm/bin/" &&
		cp tests/vm/vm-daemon "$payload/usr/lib/wxguard-vm/bin/" &&
		make -s -o userspace install DESTDIR="$payload" >/dev/null || return 1
	give_rows rows null:50000 mprotect:5000 mmap:2000 library:2000 rwx:5000 \
		transition:5000 finding:100 exec:200 script:200 memfd:200 \
		memfd-new:50 burst:200000
	give_rows rows-growth null:500 mprotect:500 rwx:500 finding:40 exec:40 memfd-new:40
	[ -n "$only" ] && echo 200 >"$tree/b/flood" || echo 20000 >"$tree/b/flood"
	build_scap || echo '# no driver of sysdig: it does not build for this kernel'
}
