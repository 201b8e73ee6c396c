// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Exclusions by content alone, see pin.h: no path is given, so a finding has
 * to name the file, the one that comes next or one in the store. Talks to no
 * module.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../module/core/class.h"
#include "../../module/core/rules.h"
#include "../lib/exe_file.h"
#include "pin_impl.h"
#include "wxguardd.h"

/*
 * Exclusions look at the subject. Of an exec that went through, the finding
 * has the new program in its place, which is another file; but for
 * exec_unknown, whose subject is the executed file itself.
 */
static bool is_subject(const struct finding *finding)
{
	const struct wxg_class *row = wxg_class_lookup(finding->class);
	const struct finding_file *exe = &finding->process.exe_file;

	if (!row || !exe->present)
		return false;
	if (finding->class == WXGUARD_CLASS_EXEC_UNKNOWN)
		return finding->exec_file.present && finding->exec_file.ino == exe->ino &&
		       finding->exec_file.dev == exe->dev;
	return row->kind == WXG_KIND_MEMORY ||
	       finding->verdict == WXGUARD_VERDICT_DENIED ||
	       finding->verdict == WXGUARD_VERDICT_KILLED;
}

/* Is the file that it is pinned to still there, and the same? */
static bool still_there(const struct pin *pin)
{
	const char *why;
	struct stat st;
	int fd = pin->path && pin->ino ? pin_open_file(pin->path, &st, &why) : -1;

	if (fd < 0)
		return false;
	close(fd);
	return st.st_ino == pin->ino && st.st_ctim.tv_sec == pin->ctime_sec &&
	       (uint32_t)st.st_ctim.tv_nsec == pin->ctime_nsec;
}

/* The exclusion may name more than the content. */
static bool is_asked_for(const struct pin *pin, struct bytes exe)
{
	return !*pin->exe ||
	       (exe.data && wxg_glob_match(pin->exe, (const char *)exe.data, exe.len));
}

static void found(struct pins *pins, struct pin *pin, const struct finding_process *process)
{
	const struct finding_file *file = &process->exe_file;
	char *path;

	if (pin->found && pin->ino == file->ino && pin->dev == file->dev &&
	    pin->ctime_sec == file->ctime_sec && pin->ctime_nsec == file->ctime_nsec)
		return;
	/* An exclusion has one identity: two copies would take turns for ever. */
	if (still_there(pin))
		return;
	path = process->exe.data ? strndup((const char *)process->exe.data, process->exe.len) : NULL;
	free(pin->path);
	pin->path = path;
	pin->found = true;
	pin->dev = file->dev;
	pin->ino = file->ino;
	pin->generation = file->generation;
	pin->ctime_sec = file->ctime_sec;
	pin->ctime_nsec = file->ctime_nsec;
	pins->due = true;
}

void pin_finding(struct pins *pins, const struct finding *finding)
{
	uint8_t digest[WXGUARD_SHA256_LEN];
	size_t i;

	if (!pins->count || !finding->extra.exe_sha256 || !is_subject(finding) ||
	    exe_file_unhex(finding->extra.exe_sha256, digest))
		return;
	for (i = 0; i < pins->count; i++) {
		struct pin *pin = &pins->pin[i];

		if (!pin->literal && pin->classes & 1U << finding->class &&
		    !memcmp(pin->sha256, digest, sizeof(digest)) &&
		    is_asked_for(pin, finding->process.exe))
			found(pins, pin, &finding->process);
	}
}

/* ---- what was told before the exclusion was asked for ---- */

struct search {
	struct pin *pin;
	struct hash *hash;
	struct client_exemption *exemption;
};

/*
 * What the file is now counts, whatever the finding was about: an exclusion
 * by content may be pinned to each file that has it.
 */
static int try_path(struct bytes path, void *arg)
{
	struct search *search = arg;
	struct pin *pin = search->pin;

	if (!path.len || path.data[0] != '/' || memchr(path.data, 0, path.len) ||
	    !is_asked_for(pin, path))
		return 0;
	free(pin->path);
	pin->looked = false;
	pin->path = strndup((const char *)path.data, path.len);
	if (pin->path && pin_take_file(pin, search->hash, search->exemption))
		return 1;
	free(pin->path);
	pin->path = NULL;
	return 0;
}

static void fill_stored(struct pin *pin, struct hash *hash, struct store *store,
			struct client_exemption *exemption)
{
	struct search search = { pin, hash, exemption };
	char hex[EXE_FILE_HEX_MAX];

	/* The rules were replaced by some that do not have the identity. */
	if (pin->path && pin_take_file(pin, hash, exemption))
		return;
	if (pin->searched || !store)
		return;
	pin->searched = true;
	exe_file_hex(pin->sha256, hex);
	if (store_finding_paths(store, pin->classes, hex, try_path, &search) < 0)
		say(CONFIG_WARNING, "exclusion %s: %s; it is pinned by the next finding",
		    pin->name, store_error(store));
}

void pin_fill_found(struct pin *pin, struct hash *hash, struct store *store,
		    struct client_exemption *exemption,
		    const struct client_exemption *live)
{
	if (pin->found) {
		exemption->has_identity = true;
		exemption->dev = pin->dev;
		exemption->ino = pin->ino;
		exemption->generation = pin->generation;
		exemption->ctime_sec = pin->ctime_sec;
		exemption->ctime_nsec = pin->ctime_nsec;
	} else if (live && live->has_identity) {
		pin_take_identity(exemption, live);
	} else {
		fill_stored(pin, hash, store, exemption);
	}
}
